// Destroys a participant's keys up to an epoch, on their own signed word in the ledger.
import { checkShred } from '../checks/shred.ts';
import { allowed, type KeeperContext } from '../keeper-context.ts';
import type { ParticipantEpoch } from '../keyring.ts';
import type { JobOutcome } from '../server-port.ts';

export async function shred(
  context: KeeperContext,
  id: string,
  { pseudonym, consentEpoch }: ParticipantEpoch,
): Promise<JobOutcome> {
  const { ledger, keyring } = context;
  const { epochs } = allowed(checkShred(await ledger.state(), pseudonym, consentEpoch));
  const owners = epochs.map((epoch) => ({ pseudonym, consentEpoch: epoch }));
  const count = await keyring.shred(owners, () => true);
  const payload = { v: 1, kind: 'keys.shredded', job: id, pseudonym, consentEpoch };
  const { index, salt } = await ledger.record('keys.shredded', payload, { count });
  return { outcome: 'done', facts: { shredded: index, shreddedSalt: salt } };
}
