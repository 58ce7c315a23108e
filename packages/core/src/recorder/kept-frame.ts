// One frame that will be kept: already without anything that is not allowed, encoded in memory.

import type { Box } from '../events/index.ts';
import type { Picture } from '../frame-image/index.ts';
import type { StructureNode } from '../observation/index.ts';
import { isDrawing } from '../segment/index.ts';

export interface FilledBox {
  readonly box: Box;
  readonly reason: string;
}

/** A field that the frame shows, so that it can still be filled when its text proves sensitive. */
export interface ShownField {
  readonly fieldId: string;
  readonly box: Box;
}

export interface KeptFrame {
  /** Monotonic ms at which the pixels were complete. */
  readonly atMs: number;
  readonly displayEpoch: number;
  readonly width: number;
  readonly height: number;
  readonly damagePending: boolean;
  readonly areas: readonly { readonly context: number; readonly box: Box }[];
  readonly filled: readonly FilledBox[];
  readonly fields: readonly ShownField[];
  /** The texts it shows; like the pixels in memory only, and not stored. */
  readonly nodes: readonly StructureNode[];
  /** As in `@handrail/core/frame-image`: it builds on the frame kept before it. */
  readonly image: Uint8Array;
}

/** A frame that may be kept. */
export interface FoundFrame {
  /** Later frames have higher numbers. */
  readonly number: number;
  readonly picture: Picture;
  /** `before` is the picture of the frame kept before it. */
  encode(before: Picture | undefined): Promise<KeptFrame>;
}

/** True for a frame that shows a context which is drawn instead of shown. */
export function hasDrawing({ filled }: Pick<KeptFrame, 'filled'>): boolean {
  return filled.some(isDrawing);
}
