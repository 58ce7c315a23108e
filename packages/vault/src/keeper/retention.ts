// Retention without being asked: keys of days past the charter's bounds are shredded by the vault
// itself, whatever the server wishes.
import type { KeeperContext } from './keeper-context.ts';
import { utcDay } from './key-leaf.ts';

const dayMs = 86_400_000;

/** Shreds what is past retention and records it. Gives how many keys that were. */
export async function shredExpired(context: KeeperContext): Promise<number> {
  const { ledger, keyring, charter, nowMs } = context;
  const { participants } = await ledger.state();
  const owners = [...participants].flatMap(([pseudonym, { consents }]) =>
    [...consents.keys()].map((consentEpoch) => ({ pseudonym, consentEpoch })),
  );
  const firstKept = (days: number) => utcDay(nowMs() - days * dayMs);
  const { raw, trajectory } = charter.retentionDays;
  const days = { raw: firstKept(raw), trajectory: firstKept(trajectory) };
  const count = await keyring.shredBefore(owners, days);
  if (count > 0) {
    await ledger.record('keys.shredded', { v: 1, kind: 'keys.shredded', days }, { count });
  }
  return count;
}
