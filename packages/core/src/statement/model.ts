// A model that was trained on a release, and what becomes of it once that is superseded, signed by
// the holder of the release's grant. Handrail unlearns nothing: it keeps the question open.
import { z } from 'zod';
import { idSchema } from './charter.ts';
import { digestSchema, instantSchema } from './envelope.ts';

export const modelSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('model'),
  programme: idSchema('prog'),
  release: idSchema('rel'),
  name: z.string().min(1).max(200),
  /** SHA-256 of the model, as its holder takes it. */
  digest: digestSchema,
  at: instantSchema,
});
export type ModelStatement = z.infer<typeof modelSchema>;

export const modelDecisions = ['retrain', 'keep-until', 'retired'] as const;

export const modelDecisionSchema = z
  .strictObject({
    v: z.literal(1),
    kind: z.literal('model-decision'),
    programme: idSchema('prog'),
    /** Digest of the model's statement. */
    model: digestSchema,
    decision: z.enum(modelDecisions),
    /** Of `keep-until`: from then on it is open again. */
    until: instantSchema.exactOptional(),
    reason: z.string().min(1).max(2000),
    at: instantSchema,
  })
  .refine(({ decision, until }) => (decision === 'keep-until') === (until !== undefined), {
    error: 'a time belongs to "keep-until"',
  });
export type ModelDecision = z.infer<typeof modelDecisionSchema>;

/** Whether somebody still has to decide about a model, given whether its release is superseded. */
export function isOpen(
  superseded: boolean,
  decision: Pick<ModelDecision, 'until'> | undefined,
  nowMs: number,
): boolean {
  if (!superseded || decision === undefined) return superseded;
  return decision.until !== undefined && nowMs >= Date.parse(decision.until);
}
