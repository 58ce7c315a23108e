// Leave to capture for some minutes. Whatever is missing, stale or halted means no.
import { HandrailError } from '@handrail/core/errors';
import type { Lease } from '@handrail/core/wire';
import type { ServerContext } from '../context.ts';
import type { ParticipantRow } from '../storage/tables.ts';
import { askForDayKeys } from './day-keys.ts';
import { instantOf } from './instant.ts';
import { requireRunning } from './running.ts';

const dayMs = 86_400_000;

export interface LeaseWish {
  readonly consentEpoch: number;
  /** Hash of the manifest that the device captures by. */
  readonly manifest: string;
}

/** Throws `programme.halted`, `programme.draft`, `programme.closed`, `consent.stale`. */
export async function grantLease(
  context: ServerContext,
  wish: LeaseWish,
  participant: ParticipantRow,
): Promise<Lease> {
  const { programme, charter, nowMs, config } = context;
  const { programmeEpoch, halted, active } = programme.inForce;
  if (halted) context.leases.refused(participant.pseudonym, nowMs());
  requireRunning(context);
  requireConsent(participant, wish.consentEpoch);
  if (active === undefined) {
    throw new HandrailError('consent.stale', 'No manifest is active, so nothing is captured.');
  }
  const freshMs = charter.payload.consentFreshDaysMax * dayMs;
  const consentEndsMs = Date.parse(participant.consent_at) + freshMs;
  if (consentEndsMs <= nowMs()) {
    throw new HandrailError('consent.stale', 'The consent has run out: renew it.');
  }
  if (wish.manifest !== active.hash) {
    throw new HandrailError('consent.stale', 'The manifest has changed: fetch the active one.');
  }
  if (!programme.covers(participant.manifest, active)) {
    throw new HandrailError('consent.stale', 'The manifest is wider now: accept it to go on.');
  }
  const wider = programme.widerFor(participant);
  if (wider.length > 0) {
    throw new HandrailError('consent.stale', `The charter asks for more: ${wider.join(', ')}.`);
  }
  await askForDayKeys(context, participant);
  const endsMs = Math.min(nowMs() + config.leaseSeconds * 1000, consentEndsMs);
  context.leases.given(participant.pseudonym, endsMs, nowMs());
  return {
    programmeEpoch,
    consentEpoch: participant.consent_epoch,
    manifest: active.hash,
    expiresAt: instantOf(endsMs),
  };
}

function requireConsent(participant: ParticipantRow, epoch: number): void {
  if (participant.state !== 'active') {
    throw new HandrailError('consent.stale', 'The consent was withdrawn.');
  }
  if (participant.consent_epoch !== epoch) {
    throw new HandrailError('consent.stale', 'The consent on record is of another epoch.');
  }
}
