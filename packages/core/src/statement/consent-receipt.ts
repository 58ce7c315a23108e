// A receipt for one's consent: what was agreed to, with whom, for what and until when, with the
// signed consent itself and its proof. Fields are named after ISO/IEC TS 27560:2023, which leaves
// the encoding open; ours is JSON.
import { z } from 'zod';
import { type Charter, idSchema } from './charter.ts';
import {
  digestSchema,
  instantSchema,
  type Signed,
  signedSchema,
  statementDigest,
} from './envelope.ts';
import { type ManifestFile, manifestFileSchema } from './manifest.ts';
import { type Consent, consentSchema } from './participant.ts';

/** What this participant's device has stated about their consent, and where that stands. */
const eventSchema = z.strictObject({
  event_type: z.enum(['consent', 'withdrawal', 'erasure']),
  event_state: z.enum(['given', 'withdrawn']),
  event_time: instantSchema,
  consent_epoch: z.int(),
  /** Leaf of the ledger. */
  ledger_index: z.int(),
});
export type ConsentEvent = z.infer<typeof eventSchema>;

export const consentReceiptSchema = z.strictObject({
  schema_version: z.literal('handrail-consent-receipt/1'),
  /** Digest of the signed consent. */
  receipt_id: digestSchema,
  record_id: z.string(),
  pii_principal_id: idSchema('part'),
  pii_controller: z.strictObject({
    party_id: idSchema('prog'),
    party_name: z.string(),
    /** Of vault and charter, as the invite names it. */
    fingerprint: z.string(),
  }),
  privacy_notice: z.strictObject({
    digest: digestSchema,
    /** Number of the charter that it came with. */
    version: z.int(),
  }),
  purposes: z.array(
    z.strictObject({
      purpose: z.string(),
      lawful_basis: z.literal('consent'),
      retention_days: z.strictObject({ raw: z.int(), trajectory: z.int() }),
    }),
  ),
  /** What may be captured, and where; null: no manifest was accepted, so nothing is. */
  pii_information: manifestFileSchema.pick({ signals: true, contexts: true }).nullable(),
  processing_methods: z.array(z.string()),
  withdrawal_method: z.string(),
  /** Days after which the consent counts no more unless the device renews it. */
  validity_days: z.int(),
  events: z.array(eventSchema),
  consent: signedSchema(consentSchema),
  proof: z.strictObject({
    /** Of the leaf's commitment, base64url. */
    salt: z.string(),
    /** The leaf, base64url. */
    entry: z.string(),
    /** C2SP tlog-proof of that leaf. */
    inclusion: z.string(),
  }),
});
export type ConsentReceipt = z.infer<typeof consentReceiptSchema>;

export interface ReceiptParts {
  readonly consent: Signed<Consent>;
  /** The one that the consent names. */
  readonly charter: Charter;
  /** The one that the consent accepts. */
  readonly manifest: ManifestFile | null;
  readonly events: readonly ConsentEvent[];
  readonly proof: ConsentReceipt['proof'];
}

const processing = [
  'captured only in the contexts listed, redacted and sealed on the device',
  'opened by the vault alone, on the record: redacted again, reduced to actions, sealed again',
  'read only under a grant that two persons of different roles approved, or by the participant',
];

export function consentReceipt(parts: ReceiptParts): ConsentReceipt {
  const { consent, charter, manifest, events, proof } = parts;
  const { pseudonym, consentEpoch, fingerprint, notice } = consent.payload;
  return {
    schema_version: 'handrail-consent-receipt/1',
    receipt_id: statementDigest(consent),
    record_id: `${pseudonym}/${consentEpoch}`,
    pii_principal_id: pseudonym,
    pii_controller: { party_id: charter.programme, party_name: charter.title, fingerprint },
    privacy_notice: { digest: notice, version: charter.number },
    purposes: charter.purposes.map((purpose) => ({
      purpose,
      lawful_basis: 'consent',
      retention_days: charter.retentionDays,
    })),
    pii_information: manifest && { signals: manifest.signals, contexts: manifest.contexts },
    processing_methods: processing,
    withdrawal_method: 'handrail withdraw, handrail erase: at once, without a reason',
    validity_days: charter.consentFreshDaysMax,
    events: [...events],
    consent,
    proof,
  };
}
