// Whether one segment is what its device sealed, under this consent and an accepted manifest, and
// has not been through before. Nothing is unwrapped to find out.
import { fromBase64url } from '@handrail/core/bytes';
import type { SealedSegment } from '@handrail/core/segment';
import { verifySealed } from '@handrail/core/segment';
import type { Consent, ManifestFile } from '@handrail/core/statement';
import { decisionOn } from '../state/quarantine.ts';
import type { LedgerState } from '../state/state.ts';
import { type RefusalReason, type Refused, refuse } from './verdict.ts';

export interface SegmentQuestion {
  /** The id that the job names. */
  readonly id: string;
  readonly session: string;
  readonly consent: Consent;
  readonly manifests: Readonly<Record<string, ManifestFile>>;
  /** Whether this place of the session was refined before this job. */
  readonly isRefined: (sequence: number) => boolean;
  /** Sequences of this job so far. */
  readonly sequences: ReadonlySet<number>;
  /** Whether the ledger had accepted it before this leaf. */
  readonly wasAccepted: (before: number) => Promise<boolean>;
}

type Own = Omit<SegmentQuestion, 'isRefined' | 'sequences' | 'wasAccepted'>;

export async function checkSegment(
  state: LedgerState,
  segment: SealedSegment,
  question: SegmentQuestion,
): Promise<{ readonly kind: 'allowed' } | Refused> {
  const { header } = segment;
  const { isRefined, sequences, wasAccepted } = question;
  const foreign = await whyNotOwn(state, segment, question);
  if (foreign !== undefined) return refuse(foreign);
  if (isRefined(header.sequence)) return refuse('already-refined');
  if (sequences.has(header.sequence)) return refuse('sequence-repeated');
  const revokedAt = state.revokedDevices.get(header.pseudonym);
  if (revokedAt !== undefined && !(await wasAccepted(revokedAt))) return refuse('device-revoked');
  return { kind: 'allowed' };
}

/** Why the segment is not what its participant's device sealed under an accepted manifest. */
async function whyNotOwn(
  state: LedgerState,
  segment: SealedSegment,
  question: Own,
): Promise<RefusalReason | undefined> {
  const { header } = segment;
  const { consent } = question;
  const { pseudonym } = consent;
  if (segment.id !== question.id) return 'not-this-segment';
  if (header.programme !== state.charter.programme) return 'another-programme';
  if (header.pseudonym !== consent.pseudonym) return 'another-participant';
  if (header.session !== question.session) return 'another-session';
  if (header.consentEpoch !== consent.consentEpoch) return 'another-consent-epoch';
  if (header.device !== consent.device) return 'another-device';
  if (!(await verifySealed(segment, fromBase64url(consent.deviceKey)))) {
    return 'device-signature-invalid';
  }
  if (header.programmeEpoch > state.programmeEpoch) return 'programme-epoch-unknown';
  if (!Object.hasOwn(question.manifests, header.manifest)) return 'manifest-not-accepted';
  const deleted = decisionOn(state, { id: segment.id, pseudonym }) === 'quarantine-deletion';
  return deleted ? 'deleted-by-owner' : undefined;
}

/** For who reads it under a grant: this vault has looked at it, and let it go on. */
export async function checkPassed(
  state: LedgerState,
  segment: SealedSegment,
  question: Own &
    Pick<SegmentQuestion, 'wasAccepted'> & {
      readonly hasPassed: (sequence: number) => 'yes' | 'no' | 'in-quarantine';
    },
): Promise<{ readonly kind: 'allowed' } | Refused> {
  const foreign = await whyNotOwn(state, segment, question);
  if (foreign !== undefined) return refuse(foreign);
  const { pseudonym, sequence } = segment.header;
  const revokedAt = state.revokedDevices.get(pseudonym);
  if (revokedAt !== undefined && !(await question.wasAccepted(revokedAt))) {
    return refuse('device-revoked');
  }
  const passed = question.hasPassed(sequence);
  if (passed === 'yes') return { kind: 'allowed' };
  return refuse(passed === 'no' ? 'not-refined' : 'in-quarantine');
}

/** Self-view of a raw segment: only of one that this vault itself put into quarantine. */
export async function checkQuarantined(
  state: LedgerState,
  segment: SealedSegment,
  question: Own & {
    readonly isQuarantined: (sequence: number) => boolean;
  },
): Promise<{ readonly kind: 'allowed' } | Refused> {
  const foreign = await whyNotOwn(state, segment, question);
  if (foreign !== undefined) return refuse(foreign);
  if (state.revokedDevices.has(segment.header.pseudonym)) return refuse('device-revoked');
  if (!question.isQuarantined(segment.header.sequence)) return refuse('not-in-quarantine');
  return { kind: 'allowed' };
}
