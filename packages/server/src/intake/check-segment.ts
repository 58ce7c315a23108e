// Whether a segment may come in, in the order in which trust is built: frame, owner, signature,
// consent, programme, manifest, day key. Nothing is opened for it.
import { fromBase64url } from '@handrail/core/bytes';
import { type ErrorCode, HandrailError } from '@handrail/core/errors';
import { parseSigned, type SealedSegment } from '@handrail/core/segment';
import type { Charter } from '@handrail/core/statement';
import type { Programme } from '../governance/programme.ts';
import { nativeCrypto } from '../native-crypto.ts';
import type { ParticipantRow } from '../storage/tables.ts';

/** Why an authentic segment was not taken; kept with its id. Content-free. */
export const refusals = {
  withdrawn: ['consent.stale', 'The consent was withdrawn: nothing is taken any more.'],
  'consent-epoch': ['consent.stale', 'The segment is of another consent epoch.'],
  'programme-epoch': ['programme.halted', 'The programme was halted since this was captured.'],
  manifest: ['consent.stale', 'The segment was captured by a manifest that was not accepted.'],
  'day-key': ['keys.unknown', 'The segment is sealed to a key that was not issued for its day.'],
  sequence: ['state.conflict', 'Another segment has this place in its session.'],
} as const satisfies Record<string, readonly [ErrorCode, string]>;
export type Refusal = keyof typeof refusals;

export function refusalError(refusal: Refusal): HandrailError {
  const [code, message] = refusals[refusal];
  return new HandrailError(code, message);
}

export function isRefusal(reason: string | null): reason is Refusal {
  return reason !== null && Object.hasOwn(refusals, reason);
}

/**
 * The segment in `bytes`, proven to be made by the caller's device for this programme. Throws
 * `format.unknown`, `format.truncated`, `input.invalid`, `signature.invalid`.
 */
export async function readAuthentic(
  charter: Charter,
  participant: ParticipantRow,
  id: string,
  bytes: Uint8Array,
): Promise<SealedSegment> {
  const { segment, signedBy } = parseSigned(bytes, nativeCrypto);
  const { header } = segment;
  const own =
    header.programme === charter.programme &&
    header.pseudonym === participant.pseudonym &&
    header.device === participant.device;
  if (segment.id !== id || !own) {
    throw new HandrailError('input.invalid', 'The segment is not the one it is handed in as.');
  }
  if (!(await signedBy(fromBase64url(participant.device_key)))) {
    throw new HandrailError('signature.invalid', 'The segment is not signed by this device.');
  }
  return segment;
}

/** Why this authentic segment is not taken, or undefined. */
export async function refusalOf(
  programme: Programme,
  participant: ParticipantRow,
  { header }: SealedSegment,
): Promise<Refusal | undefined> {
  if (participant.state !== 'active') return 'withdrawn';
  if (header.consentEpoch !== participant.consent_epoch) return 'consent-epoch';
  const { programmeEpoch, manifests } = programme.inForce;
  if (header.programmeEpoch !== programmeEpoch) return 'programme-epoch';
  const manifest = manifests.get(header.manifest);
  if (manifest === undefined || manifest.state === 'pending') return 'manifest';
  if (!programme.covers(participant.manifest, manifest)) return 'manifest';
  const key = await programme.dayKey(header.sealedTo);
  const issued =
    key?.pseudonym === participant.pseudonym &&
    key.consentEpoch === header.consentEpoch &&
    key.tier === 'raw' &&
    key.day === header.day;
  return issued ? undefined : 'day-key';
}
