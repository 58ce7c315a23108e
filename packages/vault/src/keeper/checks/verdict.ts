// What a check answers. A reason is a fixed word: it goes into job states and logs, so it can hold
// nothing that was captured.

export const refusalReasons = [
  'programme-halted',
  'programme-not-started',
  'programme-closed',
  'charter-rolled-back',
  'policies-not-in-force',
  'consent-unknown',
  'consent-withdrawn',
  'consent-not-renewed',
  'consent-of-another-time',
  'consent-to-another-notice',
  'consent-to-fewer-purposes',
  'objected-to-purpose',
  'consent-epoch-not-current',
  'no-withdrawal-in-the-ledger',
  'kept-by-a-hold',
  'not-this-segment',
  'another-programme',
  'another-participant',
  'another-session',
  'another-consent-epoch',
  'another-device',
  'device-revoked',
  'device-signature-invalid',
  'programme-epoch-unknown',
  'manifest-not-accepted',
  'sequence-repeated',
  'already-refined',
  'not-in-quarantine',
  'in-quarantine',
  'not-refined',
  'deleted-by-owner',
  'sealed-to-another-key',
  'keys-destroyed',
  'seal-broken',
  'malformed',
  'not-this-trajectory',
  'vault-signature-invalid',
  'grant-unknown',
  'grant-not-approved',
  'grant-expired',
  'grant-revoked',
  'holder-not-certified',
  'grant-of-another-tier',
  'grant-for-another-recipe',
  'grant-for-another-trajectory',
  'grant-for-another-segment',
  'purpose-not-in-charter',
  'session-not-signed',
  'session-expired',
  'session-nonce-unknown',
  'denied-by-policy',
  'too-many-objects',
  'too-many-bytes',
  'too-few-participants',
  'nothing-selected',
  'release-unknown',
  'release-superseded',
  'release-differs',
  'input-missing',
  'request-not-decided',
  'request-unsound',
  'request-too-wide',
  'removed-for-a-bystander',
] as const;

export type RefusalReason = (typeof refusalReasons)[number];

export interface Refused {
  readonly kind: 'refused';
  readonly reason: RefusalReason;
}

export function refuse(reason: RefusalReason): Refused {
  return { kind: 'refused', reason };
}
