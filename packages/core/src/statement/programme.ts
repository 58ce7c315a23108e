// What is decided about the programme itself: which policies hold, that it starts and closes, and
// whose roles go on. standing.ts says who may decide it and what follows.
import { z } from 'zod';
import { idSchema } from './charter.ts';
import { digestSchema, instantSchema } from './envelope.ts';

const common = { v: z.literal(1), programme: idSchema('prog'), at: instantSchema } as const;

/** The one bundle that server and vault decide by from now on. */
export const policySchema = z.strictObject({
  ...common,
  kind: z.literal('policy'),
  /** Grows by one; an older bundle is never taken again under its number. */
  number: z.int().min(1),
  /** Of the bundle: the version that decisions name. */
  digest: digestSchema,
});
export type PolicyStatement = z.infer<typeof policySchema>;

/** `start` ends the draft; `close` is final. */
export const lifeSchema = z.strictObject({
  ...common,
  kind: z.enum(['start', 'close']),
  /** SHA-256 of the canonical charter in force, so of its notice and impact assessment as well. */
  charter: digestSchema,
});
export type LifeStatement = z.infer<typeof lifeSchema>;

/** These persons keep their roles for another while. */
export const recertificationSchema = z.strictObject({
  ...common,
  kind: z.literal('recertification'),
  persons: z.array(idSchema('pers')).min(1).max(100),
});
export type Recertification = z.infer<typeof recertificationSchema>;
