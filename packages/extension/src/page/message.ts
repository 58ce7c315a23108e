// What a page's script says to the background: raw input of one page, in memory only. The page's
// process may be anybody's, so every message is checked, and origin and tab come from the browser.
import { boxSchema, modifierSchema } from '@handrail/core/events';
import { z } from 'zod';

const messagesMax = 200;

/** Unix ms by the page's monotonic clock. */
const at = z.number().min(0);
const pixel = z.int().min(-1_000_000).max(1_000_000);
const modifiers = z.array(modifierSchema).max(4);
const fieldId = z.string().regex(/^[a-z0-9-]{1,60}$/);

const seenSchema = z.discriminatedUnion('kind', [
  /** The part of the page that is seen, in pixels of the screen. */
  z.strictObject({
    kind: z.literal('view'),
    at,
    width: z.int().min(1).max(100_000),
    height: z.int().min(1).max(100_000),
    scale: z.number().positive().max(100),
  }),
  z.strictObject({
    kind: z.literal('focus'),
    at,
    /** Null: nothing, or nothing that can be read. */
    field: z
      .strictObject({
        id: fieldId,
        role: z.string().regex(/^[a-z]{1,30}$/),
        roleClass: z.enum(['text', 'password', 'document', 'other']),
        editable: z.boolean(),
        bounds: boxSchema,
      })
      .nullable(),
  }),
  z.strictObject({
    kind: z.literal('key'),
    at,
    code: z.int().min(0),
    name: z.string().min(1).max(40),
    text: z.string().min(1).max(8).nullable(),
    down: z.boolean(),
    repeat: z.boolean(),
    modifiers,
  }),
  z.strictObject({
    kind: z.literal('button'),
    at,
    x: pixel,
    y: pixel,
    button: z.enum(['left', 'middle', 'right', 'back', 'forward']),
    down: z.boolean(),
    modifiers,
  }),
  z.strictObject({ kind: z.literal('move'), at, x: pixel, y: pixel }),
  z.strictObject({
    kind: z.literal('scroll'),
    at,
    x: pixel,
    y: pixel,
    dx: z.number().min(-1000).max(1000),
    dy: z.number().min(-1000).max(1000),
    modifiers,
  }),
  /** Another window, tab or frame has the focus now. */
  z.strictObject({ kind: z.literal('away'), at }),
]);
export type Seen = z.infer<typeof seenSchema>;
export type SeenField = NonNullable<Extract<Seen, { kind: 'focus' }>['field']>;

export const messageSchema = z.array(seenSchema).max(messagesMax);
