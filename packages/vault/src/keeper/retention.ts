// Retention without being asked: keys of days past the charter's bounds, and of consents that were
// taken back, are shredded by the vault itself, whatever the server wishes.
import type { KeeperContext } from './keeper-context.ts';
import { utcDay } from './key-leaf.ts';
import type { Going } from './keyring.ts';

const dayMs = 86_400_000;

/** Records and shreds what is past retention or taken back. Gives how many keys that were. */
export async function shredExpired(context: KeeperContext): Promise<number> {
  const { ledger, keyring, charter, nowMs } = context;
  const { participants, floors } = await ledger.state();
  const owners = [...participants].flatMap(([pseudonym, { consents }]) =>
    [...consents.keys()].map((consentEpoch) => ({ pseudonym, consentEpoch })),
  );
  const firstKept = (days: number) => utcDay(nowMs() - days * dayMs);
  const { raw, trajectory } = charter.retentionDays;
  const days = { raw: firstKept(raw), trajectory: firstKept(trajectory) };
  const going: Going = ({ pseudonym, consentEpoch }, { tier, day }) =>
    day < days[tier] || consentEpoch <= (floors.get(pseudonym) ?? 0);
  const count = await keyring.count(owners, going);
  if (count === 0) return 0;
  // Proven in a checkpoint that was cosigned just now: a clock that jumped ahead shreds nothing.
  await ledger.announce([{ kind: 'keys.shredded', days, count }]);
  return keyring.shred(owners, going);
}
