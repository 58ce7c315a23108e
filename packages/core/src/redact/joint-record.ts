// The joint record: every place where one moment's text stands, in one value, so that one finding
// set is computed over all of them and applied to all of them at once.
import type { Finding } from './finding.ts';
import type { TextRule } from './modes/text-rule.ts';

/** Pixels of the frame, integers, from its top left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface SurfaceBase {
  /** Names the surface within its record, such as `run:7` or `node:/0/3/1`. */
  readonly ref: string;
  readonly text: string;
  /** What the field is called, for context such as "Password". Read, and never written on. */
  readonly label?: string;
  /** How much of it is kept by the mode of its context; left out: all but what is found. */
  readonly rule?: TextRule;
  /** Ranges of `text` that were replaced earlier: they are not searched again. */
  readonly masked?: readonly Finding[];
}

/**
 * Where text stands. `text` is a typed run or other text of a field, `node` an accessibility or DOM
 * node, `word` a word read from pixels; `title` and `url` belong to the window.
 */
export type Surface =
  | (SurfaceBase & { readonly kind: 'text'; readonly bounds?: Box })
  | (SurfaceBase & { readonly kind: 'title' })
  | (SurfaceBase & { readonly kind: 'url' })
  | (SurfaceBase & { readonly kind: 'node'; readonly bounds?: Box })
  | (SurfaceBase & { readonly kind: 'word'; readonly bounds: Box });

export interface JointRecord {
  readonly surfaces: readonly Surface[];
}

/** A finding on the surface `ref`. A value that runs over several surfaces has one on each. */
export interface SurfaceFinding extends Finding {
  readonly ref: string;
}

/** All findings of a joint record: by surface in the record's order, then by position. */
export interface FindingSet {
  readonly findings: readonly SurfaceFinding[];
}

/** What `apply` makes of a joint record. */
export interface MaskedRecord extends JointRecord {
  /** To be filled solid in the frame: all of the geometry of every surface with a finding. */
  readonly boxes: readonly Box[];
  /** Surfaces shown on screen with a finding but without usable geometry: keep no frame of them. */
  readonly unplaced: readonly string[];
}

export const surfacesMax = 50_000;
