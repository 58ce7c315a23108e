// Jobs: what the server asks of the vault. A job is a wish, never a right: the keeper checks
// everything it names against statements and the ledger.
import { z } from 'zod';
import {
  digestSchema,
  idSchema,
  readingSessionSchema,
  recipeSchema,
  signedSchema,
} from '../statement/index.ts';

export const exportFormats = ['parquet', 'agentnet'] as const;
export const exportFormatSchema = z.enum(exportFormats);
export type ExportFormat = z.infer<typeof exportFormatSchema>;

const participant = { pseudonym: idSchema('part'), consentEpoch: z.int().min(1) } as const;

export const jobSchema = z.discriminatedUnion('kind', [
  /** Makes day keys for the days ahead. */
  z.strictObject({ kind: z.literal('issue-keys'), ...participant }),
  /** Opens segments of one session in order, up to a closing one, and reseals trajectories. */
  z.strictObject({
    kind: z.literal('refine'),
    ...participant,
    session: idSchema('ses'),
    segments: z.array(idSchema('seg')).min(1).max(64),
  }),
  /** Shows what one reading session names, of this participant, to who signed it. */
  z.strictObject({
    kind: z.literal('view'),
    ...participant,
    session: signedSchema(readingSessionSchema),
  }),
  /** Builds a release under a grant of that tier; `candidates` are narrowed, never widened. */
  z.strictObject({
    kind: z.literal('build'),
    release: idSchema('rel'),
    grant: idSchema('grant'),
    recipe: recipeSchema,
    candidates: z.array(idSchema('traj')).max(100_000),
  }),
  /** Builds a published release again from its manifest and compares every byte. */
  z.strictObject({
    kind: z.literal('rebuild'),
    release: idSchema('rel'),
    grant: idSchema('grant'),
    workers: z.int().min(1).max(16),
  }),
  z.strictObject({
    kind: z.literal('export'),
    release: idSchema('rel'),
    grant: idSchema('grant'),
    format: exportFormatSchema,
  }),
  /** Looks which releases have lost rows, says so to their holders, and builds them again. */
  z.strictObject({ kind: z.literal('review-releases') }),
  /** Destroys all keys of a participant up to and including this consent epoch. */
  z.strictObject({ kind: z.literal('shred'), ...participant }),
  /** Takes what a decided request seeks out of these trajectories. */
  z.strictObject({
    kind: z.literal('remove-bystander'),
    request: digestSchema,
    concerns: z
      .array(z.strictObject({ ...participant, trajectories: z.array(idSchema('traj')) }))
      .max(100_000),
  }),
]);
export type Job = z.infer<typeof jobSchema>;

export const jobStateSchema = z.object({
  state: z.enum(['waiting', 'running', 'done', 'failed']),
  /** Content-free, for people. */
  reason: z.string().optional(),
  /** Small content-free facts, such as a manifest digest. */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  /** Fetch it from results. */
  result: z.string().optional(),
});
export type JobState = z.infer<typeof jobStateSchema>;
