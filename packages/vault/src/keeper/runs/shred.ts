// Destroys a participant's keys up to an epoch, on their own signed word in the ledger, and signs
// what was destroyed. What a legal hold keeps goes once it is released: the job comes back for it.
import { type ErasureCertificate, shreddedPayload, sign } from '@handrail/core/statement';
import { checkShred } from '../checks/shred.ts';
import { allowed, type KeeperContext, Refusal } from '../keeper-context.ts';
import type { Going, ParticipantEpoch } from '../keys/keyring.ts';
import type { Recorded } from '../ledger/ledger-access.ts';
import type { JobOutcome } from '../server-port.ts';
import { keepsDay } from '../state/hold.ts';

export async function shred(
  context: KeeperContext,
  id: string,
  owner: ParticipantEpoch,
): Promise<JobOutcome> {
  const { ledger, keyring, server } = context;
  const { pseudonym, consentEpoch } = owner;
  const state = await ledger.state();
  const { epochs } = allowed(checkShred(state, pseudonym, consentEpoch));
  const owners = epochs.map((epoch) => ({ pseudonym, consentEpoch: epoch }));
  const going: Going = (_owner, { day }) => !keepsDay(state, pseudonym, day);
  const count = await keyring.shred(owners, going);
  const kept = await keyring.count(owners, () => true);
  if (kept > 0 && count === 0) throw new Refusal('kept-by-a-hold');
  const payload = shreddedPayload({ ...owner, job: id });
  const recorded = await ledger.record('keys.shredded', payload, { count });
  const objects = await server.erased(owner);
  if (kept > 0) throw new Refusal('kept-by-a-hold');
  const asked = state.left.get(pseudonym);
  if (asked !== undefined) await certify(context, { ...owner, job: id, asked, recorded, objects });
  return { outcome: 'done', facts: { shredded: recorded.index, shreddedSalt: recorded.salt } };
}

interface Destroyed extends ParticipantEpoch, Pick<ErasureCertificate, 'asked' | 'objects'> {
  readonly job: string;
  readonly recorded: Recorded;
}

/** Counts what the key tree itself remembers, so that a job that runs twice says the same. */
async function certify(
  { charter, identity, keyring, nowMs, server }: KeeperContext,
  { pseudonym, consentEpoch, job, asked, recorded, objects }: Destroyed,
): Promise<void> {
  let keys = 0;
  for (let epoch = 1; epoch <= consentEpoch; epoch++) {
    keys += await keyring.shredded({ pseudonym, consentEpoch: epoch });
  }
  const certificate: ErasureCertificate = {
    v: 1,
    kind: 'erasure-certificate',
    programme: charter.programme,
    pseudonym,
    consentEpoch,
    at: `${new Date(nowMs()).toISOString().slice(0, 19)}Z`,
    asked,
    shredded: { index: recorded.index, salt: recorded.salt, job },
    keys,
    objects,
  };
  await server.certified(await sign(certificate, identity.signer));
}
