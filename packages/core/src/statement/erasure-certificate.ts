// What the vault signs once a participant's keys are destroyed. Anyone who has it can check it
// against the vault's key and, with a copy of the ledger, against the entries that it names.
import { z } from 'zod';
import { idSchema } from './charter.ts';
import { instantSchema } from './envelope.ts';

export const erasureCertificateSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('erasure-certificate'),
  programme: idSchema('prog'),
  pseudonym: idSchema('part'),
  /** This consent epoch and those before it. */
  consentEpoch: z.int().min(1),
  at: instantSchema,
  /** Leaf of the participant's own withdrawal or erasure. */
  asked: z.int().min(0),
  /** Leaf of `keys.shredded`, with what shows what it committed to: see `shreddedPayload`. */
  shredded: z.strictObject({
    index: z.int().min(0),
    salt: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
    job: idSchema('job'),
  }),
  /** Private keys that were destroyed, those past their retention included. */
  keys: z.int().min(0),
  /** Sealed objects that are deleted, as the server says: the vault sees no disk of it. */
  objects: z.strictObject({ segments: z.int().min(0), trajectories: z.int().min(0) }),
});
export type ErasureCertificate = z.infer<typeof erasureCertificateSchema>;

/** What the ledger's entry `keys.shredded` of a certificate committed to. */
export function shreddedPayload({
  pseudonym,
  consentEpoch,
  job,
}: Pick<ErasureCertificate, 'pseudonym' | 'consentEpoch'> & { readonly job: string }) {
  return { v: 1, kind: 'keys.shredded', job, pseudonym, consentEpoch } as const;
}
