// What a segment holds once opened. Only redacted values can be encoded: see codec.ts.
import { z } from 'zod';
import { boxSchema, type CapturedEvent } from '../events/index.ts';
import type { capturedContextSchema } from '../statement/index.ts';

export const eventsPerSegmentMax = 200_000;
export const framesPerSegmentMax = 400;
/** Windows of the manifest that one frame may show. */
export const framesAreasMax = 64;
export const contentBytesMax = 4 * 1024 * 1024;

export const frameSchema = z.strictObject({
  /** When the pixels were complete: ms since the segment's start; negative when older. */
  atMs: z.int(),
  displayEpoch: z.int().min(1),
  width: z.int().min(1).max(32_768),
  height: z.int().min(1).max(32_768),
  /** True when the screen was still changing: the newest complete frame, not a settled one. */
  damagePending: z.boolean(),
  /** What is shown, and which of `contexts` it belongs to; everything else is black. */
  areas: z.array(z.strictObject({ context: z.int().min(0), box: boxSchema })).max(framesAreasMax),
  /** What was filled on the device, and why. */
  filled: z.array(z.strictObject({ box: boxSchema, reason: z.string().max(60) })).max(2000),
  /** Tiles, deflated: see frame-image. It builds on the image of the frame before it. */
  image: z.instanceof(Uint8Array),
});
export type Frame = Omit<z.infer<typeof frameSchema>, 'image'> & { readonly image: Uint8Array };

/** Whether a box of `filled` is a drawing, made for its context's mode; others are black. */
export function isDrawing({ reason }: Pick<Frame['filled'][number], 'reason'>): boolean {
  return reason === 'skeleton' || reason === 'vocabulary';
}

/** One finding of the device: which event or frame, which class, by which rule. No text. */
export const deviceFindingSchema = z.strictObject({
  surface: z.enum(['run', 'task', 'node']),
  /** Index into events for run and task; into frames for node. */
  index: z.int().min(0),
  class: z.string().max(60),
  rule: z.string().max(100),
  box: boxSchema.optional(),
});
export type DeviceFinding = z.infer<typeof deviceFindingSchema>;

export interface SegmentContent {
  readonly v: 1;
  /** Unix time in ms that every `atMs` counts from. */
  readonly startedAtMs: number;
  readonly contexts: readonly z.infer<typeof capturedContextSchema>[];
  readonly events: readonly CapturedEvent[];
  readonly frames: readonly Frame[];
  readonly findings: readonly DeviceFinding[];
}
