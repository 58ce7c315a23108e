// A short ring of masked frames in memory. An action is paired with the last one from before it
// began: grabbing on the event would show the result.
import type { Sensitive } from '@handrail/core/sensitive';
import sharp, { type Sharp } from 'sharp';
import { type MaskedFrame, marginPixels } from './frame-mask.ts';
import type { KeptFrame } from './kept-frame.ts';
import { findOnNodes } from './node-findings.ts';
import { type PackedPixels, unpackRgba } from './packed-pixels.ts';
import { fill, grown } from './pixels.ts';

const framesMax = 3;
/** Lossless keeps flat interfaces small and sharp; effort 0 costs least. */
const lossless = { lossless: true, effort: 0 } as const;
/** Photographs are large without loss, and a segment holds 4 MiB. */
const lossy = { quality: 75, effort: 0 } as const;
const losslessBytesMax = 384 * 1024;

sharp.concurrency(1);
sharp.cache(false);

interface RingFrame {
  readonly number: number;
  readonly frame: MaskedFrame;
  /** Monotonic ms of the first change after this frame, when there was one. */
  changedAtMs: number | undefined;
}

export class FrameRing {
  readonly #frames: RingFrame[] = [];
  #next = 0;

  add(frame: MaskedFrame): void {
    this.#frames.push({ number: this.#next++, frame, changedAtMs: undefined });
    if (this.#frames.length > framesMax) this.#frames.shift();
  }

  changed(atMs: number): void {
    for (const each of this.#frames) each.changedAtMs ??= atMs > each.frame.atMs ? atMs : undefined;
  }

  /** Forgets the frames from before `atMs`. */
  dropBefore(atMs: number): void {
    const first = this.#frames.findIndex(({ frame }) => frame.atMs >= atMs);
    this.#frames.splice(0, first < 0 ? this.#frames.length : first);
  }

  latest(): MaskedFrame | undefined {
    return this.#frames.at(-1)?.frame;
  }

  /** The newest frame that was complete before `atMs`. */
  before(atMs: number): { readonly number: number; encode(): Promise<KeptFrame> } | undefined {
    const found = this.#frames.findLast(({ frame }) => frame.atMs <= atMs);
    if (!found) return undefined;
    const pending = found.changedAtMs !== undefined && found.changedAtMs < atMs;
    return {
      number: found.number,
      encode: () => encodeFrame(found.frame, pending),
    };
  }
}

async function encodeFrame(frame: MaskedFrame, damagePending: boolean): Promise<KeptFrame> {
  const { atMs, displayEpoch, filled, fields, pixels } = frame;
  const areas = frame.view.map.allowedAreas();
  const { width, height } = pixels;
  const image = await encodePacked(pixels, hasDrawing(frame));
  const nodes = frame.view.nodes.filter((node) => !frame.view.drawnNodes.has(node));
  return { atMs, displayEpoch, width, height, damagePending, areas, filled, fields, nodes, image };
}

let encoding: Promise<unknown> = Promise.resolve();
let canvas = new Uint32Array();

/** One after the other, so that one canvas serves them all. */
function encodePacked(pixels: PackedPixels, isDrawn: boolean): Promise<Uint8Array> {
  const image = encoding.then(() => {
    const { width, height } = pixels;
    if (canvas.length !== width * height) canvas = new Uint32Array(width * height);
    unpackRgba(pixels, canvas);
    const raw = { width, height, channels: 4 } as const;
    return encoded(sharp(new Uint8Array(canvas.buffer), { raw }).removeAlpha(), isDrawn);
  });
  encoding = image.catch(() => undefined);
  return image;
}

function hasDrawing({ filled }: Pick<KeptFrame, 'filled'>): boolean {
  return filled.some(({ reason }) => reason === 'skeleton' || reason === 'vocabulary');
}

/** A drawing stays exact, so that the vault can see that it is one. */
async function encoded(picture: Sharp, isDrawn: boolean): Promise<Uint8Array> {
  const exact = await picture.clone().webp(lossless).toBuffer();
  return isDrawn || exact.length <= losslessBytesMax ? exact : picture.webp(lossy).toBuffer();
}

/**
 * The same frame with more filled, for text that proved sensitive after it was shown: the fields it
 * was typed into, and every node that shows a value of `known`.
 */
export async function fillLater(
  frame: KeptFrame,
  fieldIds: ReadonlySet<string>,
  known: readonly Sensitive<string>[],
): Promise<KeptFrame> {
  const shown = frame.fields.filter((field) => fieldIds.has(field.fieldId)).map(({ box }) => box);
  const nodes = known.length === 0 ? [] : findOnNodes(frame.nodes, known);
  const boxes = [...shown, ...nodes.map(({ node }) => grown(node.bounds, marginPixels))];
  if (boxes.length === 0) return frame;
  const { width, height } = frame;
  const { data, info } = await sharp(frame.image)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const pixels = { width: info.width, height: info.height, bgrx: new Uint8Array(data) };
  for (const box of boxes) fill(pixels, box);
  const raw = { width, height, channels: 4 } as const;
  const image = await encoded(sharp(pixels.bgrx, { raw }).removeAlpha(), hasDrawing(frame));
  const filled = [...frame.filled, ...boxes.map((box) => ({ box, reason: 'typed' }))];
  return { ...frame, filled, image };
}
