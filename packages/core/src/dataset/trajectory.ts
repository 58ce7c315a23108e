// A trajectory is one task, or one stretch of activity: actions in order, each with the frame from
// before it began. It is the unit of viewing, selecting and releasing.
import { z } from 'zod';
import { boxSchema, buttonSchema, gapReasonSchema } from '../events/index.ts';
import { capturedContextSchema, idSchema } from '../statement/index.ts';

export const actionsPerTrajectoryMax = 10_000;
/** Sum over the images of one trajectory, 48 MiB. */
export const frameBytesPerTrajectoryMax = 48 * 1024 * 1024;
export const segmentsPerTrajectoryMax = 64;
export const instructionCharsMax = 2000;

const pixel = z.int().min(-1_000_000).max(1_000_000);
const seconds = z.number().min(0);
const index = z.int().min(0);
const name = z.string().min(1).max(40);

export const actionKindSchema = z.enum([
  ...(['click', 'long_press', 'drag', 'scroll', 'type', 'key', 'hotkey', 'move'] as const),
]);

/** The reducer's action; times in seconds since the trajectory's start. */
export const trajectoryActionSchema = z.strictObject({
  kind: actionKindSchema,
  button: buttonSchema.exactOptional(),
  modifiers: z.array(name).max(10).exactOptional(),
  x: pixel.exactOptional(),
  y: pixel.exactOptional(),
  path: z
    .array(z.tuple([pixel, pixel, seconds]))
    .max(200_000)
    .exactOptional(),
  text: z.string().max(1_000_000).exactOptional(),
  keys: z.array(name).max(10).exactOptional(),
  dx: z.number().exactOptional(),
  dy: z.number().exactOptional(),
  count: z.int().min(1).max(3).exactOptional(),
  startedAt: seconds,
  endedAt: seconds,
  /** Numbers of its first and last event; `segments` says where they lie. */
  events: z.tuple([index, index]),
  /** The id of the frame that was on the screen before it began; null where there was none. */
  frame: z.string().length(64).nullable(),
  /** How long before the action the frame's pixels were complete; null without a frame. */
  frameAgeMs: z.int().min(1).nullable(),
  /** True when the screen was still changing as the frame was taken. */
  damagePending: z.boolean(),
  /** Null: no display layout was known, so the coordinates mean nothing. */
  displayEpoch: z.int().min(1).nullable(),
  /** Index into the trajectory's contexts; null: unknown, and in no recipe. */
  context: index.nullable(),
});
export type TrajectoryAction = z.infer<typeof trajectoryActionSchema>;

export const displaySchema = z.strictObject({
  epoch: z.int().min(1),
  /** Pixels. */
  width: z.int().min(1).max(100_000),
  height: z.int().min(1).max(100_000),
  scale: z.number().positive(),
});
export type Display = z.infer<typeof displaySchema>;

/** `missing`: a segment was forgotten, refused or put into quarantine. Seconds, as in actions. */
export const gapSchema = z.strictObject({
  reason: z.enum([...gapReasonSchema.options, 'missing']),
  from: seconds,
  to: seconds,
});
export type Gap = z.infer<typeof gapSchema>;

export const frameFactsSchema = z.strictObject({
  /** SHA-256 (hex) of the image. */
  id: z.string().length(64),
  width: z.int().min(1).max(32_768),
  height: z.int().min(1).max(32_768),
  /** What is shown, and which of the trajectory's contexts it belongs to. */
  areas: z.array(z.strictObject({ context: index, box: boxSchema })).max(64),
  filled: z.array(z.strictObject({ box: boxSchema, reason: z.string().max(60) })).max(2000),
});
/** A frame without its pixels. */
export type FrameFacts = z.infer<typeof frameFactsSchema>;

export interface TrajectoryFrame extends FrameFacts {
  /** WebP, encoded by the vault. */
  readonly image: Uint8Array;
}

export const trajectoryFactsOnlySchema = z.strictObject({
  v: z.literal(1),
  id: idSchema('traj'),
  pseudonym: idSchema('part'),
  /** The participant's words at the task's start; empty outside tasks. */
  instruction: z.string().max(instructionCharsMax),
  contexts: z.array(capturedContextSchema).max(200),
  display: z.enum(['own', 'virtual', 'import']),
  displays: z.array(displaySchema).max(1000),
  actions: z.array(trajectoryActionSchema).max(actionsPerTrajectoryMax),
  gaps: z.array(gapSchema).max(100_000),
  /** Event number n lies in the segment with firstEvent <= n < firstEvent + events. */
  segments: z
    .array(z.strictObject({ id: idSchema('seg'), firstEvent: index, events: index }))
    .max(segmentsPerTrajectoryMax),
  frames: z.array(frameFactsSchema).max(actionsPerTrajectoryMax),
  /** Unix time in ms. */
  startedAtMs: z.int().min(0),
  endedAtMs: z.int().min(0),
  /** Version of the reducer's rules. */
  reducer: z.int().min(1),
});
/** A trajectory without pixels: what its JSON form holds. */
export type TrajectoryFactsOnly = z.infer<typeof trajectoryFactsOnlySchema>;

export interface Trajectory extends Omit<TrajectoryFactsOnly, 'frames'> {
  readonly frames: readonly TrajectoryFrame[];
}
