// Whether one segment is what its device sealed, under this consent and an accepted manifest, and
// has not been through before. Nothing is unwrapped to find out.
import { fromBase64url } from '@handrail/core/bytes';
import type { SealedSegment } from '@handrail/core/segment';
import { verifySealed } from '@handrail/core/segment';
import type { Consent, ManifestFile } from '@handrail/core/statement';
import type { LedgerState } from '../ledger-state.ts';
import { type Refused, refuse } from './verdict.ts';

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
}

export async function checkSegment(
  state: LedgerState,
  segment: SealedSegment,
  question: SegmentQuestion,
): Promise<{ readonly kind: 'allowed' } | Refused> {
  const { header } = segment;
  const { consent, isRefined, sequences } = question;
  if (segment.id !== question.id) return refuse('not-this-segment');
  if (header.programme !== state.charter.programme) return refuse('another-programme');
  if (header.pseudonym !== consent.pseudonym) return refuse('another-participant');
  if (header.session !== question.session) return refuse('another-session');
  if (header.consentEpoch !== consent.consentEpoch) return refuse('another-consent-epoch');
  if (header.device !== consent.device) return refuse('another-device');
  if (!(await verifySealed(segment, fromBase64url(consent.deviceKey)))) {
    return refuse('device-signature-invalid');
  }
  if (header.programmeEpoch > state.programmeEpoch) return refuse('programme-epoch-unknown');
  if (!Object.hasOwn(question.manifests, header.manifest)) return refuse('manifest-not-accepted');
  if (isRefined(header.sequence)) return refuse('already-refined');
  if (sequences.has(header.sequence)) return refuse('sequence-repeated');
  return { kind: 'allowed' };
}
