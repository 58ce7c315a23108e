// The events that may leave the memory of a device: no raw keys, only redacted typed runs, and keys
// that make no text. Times are milliseconds since the segment's start, coordinates integer pixels.
import { z } from 'zod';

const atMs = z.int().min(0);
const pixel = z.int().min(-1_000_000).max(1_000_000);

export const buttonSchema = z.enum(['left', 'middle', 'right', 'back', 'forward']);
export const modifierSchema = z.enum(['ctrl', 'shift', 'alt', 'meta']);
export type Button = z.infer<typeof buttonSchema>;
export type Modifier = z.infer<typeof modifierSchema>;

export const boxSchema = z.strictObject({
  x: pixel,
  y: pixel,
  width: z.int().min(0).max(100_000),
  height: z.int().min(0).max(100_000),
});
/** A rectangle in root coordinates of one display epoch, in pixels. */
export type Box = z.infer<typeof boxSchema>;

const gapReasons = [
  'paused',
  'halted',
  'no-lease',
  'not-allowed',
  'secure-field',
  'unknown-focus',
  'terminal',
  'locked',
  'indicator',
  'budget',
  'display-gone',
  'overflow',
  'forgotten',
] as const;
export const gapReasonSchema = z.enum(gapReasons);
export type GapReason = z.infer<typeof gapReasonSchema>;

export const eventSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('move'), atMs, x: pixel, y: pixel }),
  z.strictObject({
    kind: z.literal('button'),
    atMs,
    x: pixel,
    y: pixel,
    button: buttonSchema,
    down: z.boolean(),
    modifiers: z.array(modifierSchema),
  }),
  /** Wheel steps; positive dy is up, positive dx is right. */
  z.strictObject({
    kind: z.literal('scroll'),
    atMs,
    x: pixel,
    y: pixel,
    dx: z.number(),
    dy: z.number(),
    modifiers: z.array(modifierSchema),
  }),
  /** A key that makes no text: enter, arrows, shortcuts and their modifiers. */
  z.strictObject({
    kind: z.literal('key'),
    atMs,
    key: z.string().min(1).max(40),
    down: z.boolean(),
  }),
  /** Text typed into one field, redacted; `keyCount` key events (presses) stood for it. */
  z.strictObject({
    kind: z.literal('run'),
    atMs,
    endedAtMs: z.int().min(0),
    text: z.string().max(20_000),
    keyCount: z.int().min(1),
    field: z.int().min(0),
  }),
  /** The active window now belongs to `contexts[context]`; null: nothing that is captured. */
  z.strictObject({
    kind: z.literal('window'),
    atMs,
    context: z.int().min(0).nullable(),
  }),
  /** `field` numbers the accessible within the segment. */
  z.strictObject({
    kind: z.literal('focus'),
    atMs,
    role: z.string().max(60),
    field: z.int().min(0),
    editable: z.boolean(),
    bounds: boxSchema,
  }),
  z.strictObject({
    kind: z.literal('gap'),
    atMs,
    endedAtMs: z.int().min(0),
    reason: gapReasonSchema,
  }),
  /** A display epoch: the coordinates after it belong to this layout. */
  z.strictObject({
    kind: z.literal('display'),
    atMs,
    epoch: z.int().min(1),
    width: z.int().min(1).max(100_000),
    height: z.int().min(1).max(100_000),
    scale: z.number().positive(),
  }),
  z.strictObject({
    kind: z.literal('task'),
    atMs,
    edge: z.enum(['start', 'end']),
    text: z.string().max(2000),
  }),
]);
export type CapturedEvent = z.infer<typeof eventSchema>;
export type EventKind = CapturedEvent['kind'];
