// Makes a participant's day keys for the days ahead: private halves into the key tree first, public
// halves to the server only then.
import { fromBase64url, toBase64url } from '@handrail/core/bytes';
import { canonicalBytes } from '@handrail/core/canonical-json';
import { sealTagKey } from '@handrail/core/opening';
import { newSealKeyPair } from '@handrail/core/seal';
import { type DayKey, sign } from '@handrail/core/statement';
import { checkIssueKeys } from '../checks/issue-keys.ts';
import { allowed, type KeeperContext, Refusal } from '../keeper-context.ts';
import { type DayKeyName, type PrivateDayKey, sameDayKey, utcDay } from '../keys/key-leaf.ts';
import type { ParticipantEpoch } from '../keys/keyring.ts';
import { x25519PublicKey } from '../keys/x25519.ts';
import { tagKeyOf } from '../ledger/opening-entries.ts';
import type { JobOutcome } from '../server-port.ts';

export const daysAhead = 30;
const dayMs = 86_400_000;

export async function issueKeys(
  context: KeeperContext,
  id: string,
  owner: ParticipantEpoch,
): Promise<JobOutcome> {
  const { identity, nowMs, ledger, keyring, server } = context;
  const question = { vaultKey: identity.publicKey, nowMs: nowMs(), ...owner };
  const check = async () => allowed(checkIssueKeys(await ledger.state(), question));
  const { latest } = await check();
  const wanted = namesFrom(nowMs());
  const held = await keyring.dayKeyNames(owner);
  const missing = wanted.filter((name) => !held.some((other) => sameDayKey(other, name)));
  const fresh = await Promise.all(missing.map(newDayKey));
  await keyring.addDayKeys(owner, fresh);
  for (const { privateKey } of fresh) privateKey.fill(0);
  // A withdrawal may have come in meanwhile, and its shredding be over: these must not stay.
  await check().catch(async (error: unknown) => {
    if (isWithdrawn(error)) await keyring.shred([owner], () => true);
    throw error;
  });
  const { pseudonym, consentEpoch } = owner;
  const payload = { v: 1, kind: 'keys.issued', job: id, pseudonym, consentEpoch };
  await ledger.record('keys.issued', payload, { count: fresh.length });
  const keys = await Promise.all(wanted.map((name) => signedKey(context, owner, name)));
  await server.putDayKeys(keys.filter((key) => key !== undefined));
  await publishTagKey(context, owner, latest.readingKey);
  return { outcome: 'done', facts: { keys: fresh.length } };
}

function isWithdrawn(error: unknown): boolean {
  return error instanceof Refusal && error.reason === 'consent-withdrawn';
}

/** With it their own device finds every opening of this epoch in the ledger. */
async function publishTagKey(
  { identity, charter, server }: KeeperContext,
  { pseudonym, consentEpoch }: ParticipantEpoch,
  readingKey: string,
): Promise<void> {
  const { programme } = charter;
  const owner = { programme, pseudonym, consentEpoch };
  const tagKey = tagKeyOf(identity, programme, owner);
  const signed = await sealTagKey(owner, tagKey, fromBase64url(readingKey), identity.signer);
  tagKey.fill(0);
  await server.putObject(`tagkeys/${pseudonym}/${consentEpoch}`, canonicalBytes(signed));
}

function namesFrom(startMs: number): DayKeyName[] {
  return (['raw', 'trajectory'] as const).flatMap((tier) =>
    Array.from({ length: daysAhead }, (_, at) => ({ tier, day: utcDay(startMs + at * dayMs) })),
  );
}

async function newDayKey(name: DayKeyName): Promise<PrivateDayKey> {
  const { privateKey } = await newSealKeyPair();
  return { ...name, privateKey };
}

/** The public half is that of the key in the tree, so a job that runs twice says the same. */
async function signedKey(context: KeeperContext, owner: ParticipantEpoch, name: DayKeyName) {
  const privateKey = await context.keyring.dayKey(owner, name);
  if (privateKey === undefined) return undefined;
  const publicKey = toBase64url(x25519PublicKey(privateKey));
  privateKey.fill(0);
  const programme = context.charter.programme;
  const dayKey: DayKey = { v: 1, kind: 'day-key', programme, ...owner, ...name, publicKey };
  return sign(dayKey, context.identity.signer);
}
