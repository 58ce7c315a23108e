// Joining, renewing, withdrawing and erasing: what a participant's own device may state, and the
// checks it must pass. Withdrawal and erasure ask for no reason and no approver.
import { HandrailError } from '@handrail/core/errors';
import { isId } from '@handrail/core/ids';
import {
  type Consent,
  type Erasure,
  type Objection,
  type QuarantineDecision,
  type Signed,
  signersOf,
  statementDigest,
  type Withdrawal,
} from '@handrail/core/statement';
import { deleteDecided } from '../catalog/retention.ts';
import type { ServerContext } from '../context.ts';
import { sameText } from '../http/authenticate.ts';
import type { ParticipantRow } from '../storage/tables.ts';
import { requireObjectable } from './objections.ts';
import { requireQuarantined } from './quarantine.ts';
import { requireRunning } from './running.ts';
import type { Accepted } from './statement-ledger.ts';

/** Seconds that a statement's own time may lie from the server's. */
const clockSecondsMax = 300;

export interface Join {
  readonly invite: string;
  readonly name: string;
  readonly consent: Signed<Consent>;
}

/** Takes a new participant in. The same join again is answered alike. */
export async function join(
  context: ServerContext,
  { invite, name, consent }: Join,
  callerKey: string,
): Promise<{ readonly pseudonym: string }> {
  if (!sameText(invite, context.config.inviteToken)) {
    throw new HandrailError('access.denied', 'The invite is not valid: ask for a new one.');
  }
  const { payload } = consent;
  requireRunning(context);
  if (payload.deviceKey !== callerKey) throw notYours();
  await requireSignature(consent, callerKey);
  requireNow(context, payload);
  requireShown(context, payload);
  return context.statements.inTurn(async () => {
    if (await isRepeated(context, consent, callerKey)) return { pseudonym: payload.pseudonym };
    if (payload.consentEpoch !== 1) throw conflict('A first consent has epoch 1.');
    await requireNew(context, payload);
    await context.statements.accept(consent);
    await context.facts.record({ kind: 'name', pseudonym: payload.pseudonym, name });
    return { pseudonym: payload.pseudonym };
  });
}

/** Accepts a later consent, a withdrawal or an erasure of `participant`. */
export async function stateOfMine(
  context: ServerContext,
  statement: Signed<Consent | Withdrawal | Erasure | QuarantineDecision | Objection>,
  caller: ParticipantRow,
): Promise<Accepted & { readonly salt: string }> {
  const { payload } = statement;
  if (payload.pseudonym !== caller.pseudonym) throw notYours();
  await requireSignature(statement, caller.device_key);
  requireNow(context, payload);
  const leaves = payload.kind === 'withdrawal' || payload.kind === 'erasure';
  if (!leaves && context.programme.isStopped(caller.device_key)) {
    throw new HandrailError('access.denied', 'This device was ended: it may withdraw or erase.');
  }
  const accepted = await context.statements.inTurn(async () => {
    const digest = statementDigest(statement);
    const index = await context.statements.leafOf(digest);
    if (index !== undefined) return { digest, index };
    const now = (await context.programme.participantByKey(caller.device_key)) ?? caller;
    if (payload.kind === 'consent') requireLater(context, payload, now);
    else if (payload.kind === 'objection') requireObjectable(context, payload, now);
    else if ('segment' in payload) await requireQuarantined(context, payload, now);
    else requireOpen(payload, now);
    return context.statements.accept(statement);
  });
  if (payload.kind === 'quarantine-deletion') await deleteDecided(context);
  const { salt = '' } = (await context.statements.behind(accepted.index)) ?? {};
  return { ...accepted, salt };
}

function requireLater(context: ServerContext, consent: Consent, now: ParticipantRow): void {
  if (!goesOnAsBefore(context, consent, now)) requireShown(context, consent);
  const same = consent.device === now.device && consent.deviceKey === now.device_key;
  if (!same || consent.readingKey !== now.reading_key) {
    throw conflict('A renewed consent names the same device and the same reading key.');
  }
  // After leaving, only a new epoch has keys again.
  const epochs = now.state === 'active' ? [now.consent_epoch, now.consent_epoch + 1] : [];
  const allowed = epochs.length > 0 ? epochs : [now.consent_epoch + 1];
  if (!allowed.includes(consent.consentEpoch)) {
    throw new HandrailError('consent.stale', `Consent again with epoch ${allowed[0]}.`);
  }
  if (Date.parse(consent.at) < Date.parse(now.consent_at)) {
    throw new HandrailError('consent.stale', 'A newer consent is on record: renew it now.');
  }
}

function requireOpen(leaving: Withdrawal | Erasure, now: ParticipantRow): void {
  if (leaving.consentEpoch !== now.consent_epoch) {
    throw new HandrailError('consent.stale', `Name the current epoch, ${now.consent_epoch}.`);
  }
  const again = now.state === 'erased' || (now.state === 'withdrawn' && leaving.kind !== 'erasure');
  if (again) throw conflict('This has been done already.');
}

/** Whether it renews what was agreed to under an earlier charter, and no more. */
function goesOnAsBefore(
  { programme }: ServerContext,
  { fingerprint, notice, manifest }: Consent,
  now: ParticipantRow,
): boolean {
  const { active } = programme.inForce;
  const isOlder = fingerprint !== programme.inForce.fingerprint && fingerprint === now.fingerprint;
  const isSameNotice = programme.charterOf(fingerprint)?.noticeDigest === notice;
  const isKnown = manifest === now.manifest || manifest === active?.hash;
  return now.state === 'active' && isOlder && isSameNotice && isKnown;
}

/** What was shown to the participant is what the programme has now. */
function requireShown(context: ServerContext, consent: Consent): void {
  const { charter, fingerprint, programme } = context;
  if (consent.fingerprint !== fingerprint || consent.notice !== charter.payload.noticeDigest) {
    throw new HandrailError('consent.stale', 'Notice or fingerprint is another: read them again.');
  }
  const active = programme.inForce.active?.hash ?? null;
  if (consent.manifest !== active) {
    throw new HandrailError('consent.stale', 'The manifest has changed: look at it again.');
  }
}

function requireNow(
  { charter, nowMs }: ServerContext,
  { programme, at }: { readonly programme: string; readonly at: string },
): void {
  if (programme !== charter.payload.programme) throw conflict('This is another programme.');
  if (Math.abs(Date.parse(at) - nowMs()) > clockSecondsMax * 1000) {
    throw conflict('The statement is not of now: set the clock and sign again.');
  }
}

async function requireSignature(statement: Signed<unknown>, key: string): Promise<void> {
  if (!(await signersOf(statement)).has(key)) {
    throw new HandrailError('signature.invalid', 'The statement is not signed by this device.');
  }
}

/** Whether exactly this consent was accepted before, from the same device. */
async function isRepeated(context: ServerContext, consent: Signed<Consent>, key: string) {
  const known = await context.statements.leafOf(statementDigest(consent));
  const participant = await context.programme.participantByKey(key);
  return known !== undefined && participant?.pseudonym === consent.payload.pseudonym;
}

async function requireNew({ db }: ServerContext, { pseudonym, deviceKey }: Consent) {
  if (!isId('part', pseudonym)) throw conflict('Choose a pseudonym that starts with part_.');
  const taken = await db
    .selectFrom('participant')
    .select('pseudonym')
    .where((where) =>
      where.or([where('pseudonym', '=', pseudonym), where('device_key', '=', deviceKey)]),
    )
    .executeTakeFirst();
  if (taken) throw conflict('This device has joined already, or the pseudonym is taken.');
}

function notYours(): HandrailError {
  return new HandrailError('access.denied', 'A device states only what is its own.');
}

function conflict(message: string): HandrailError {
  return new HandrailError('state.conflict', message);
}
