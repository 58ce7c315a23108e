// Retention without being asked: keys of days past the charter's bounds, and of consents that were
// taken back, are shredded by the vault itself, whatever the server wishes; a legal hold delays it.
import type { Charter } from '@handrail/core/statement';
import { agreedCharter } from '../checks/consent.ts';
import type { KeeperContext } from '../keeper-context.ts';
import { keepsDay } from '../state/hold.ts';
import type { LedgerState } from '../state/state.ts';
import { utcDay } from './key-leaf.ts';
import type { Going, ParticipantEpoch } from './keyring.ts';

const dayMs = 86_400_000;

/** Records and shreds what is past retention or taken back. Gives how many keys that were. */
export async function shredExpired(context: KeeperContext): Promise<number> {
  const { ledger, keyring, nowMs } = context;
  const state = await ledger.state();
  const { participants, floors, charter } = state;
  const owners = [...participants].flatMap(([pseudonym, { consents }]) =>
    [...consents.keys()].map((consentEpoch) => ({ pseudonym, consentEpoch })),
  );
  const firstKept = (days: number) => utcDay(nowMs() - days * dayMs);
  const { raw, trajectory } = charter.retentionDays;
  const days = { raw: firstKept(raw), trajectory: firstKept(trajectory) };
  const isAmended = state.standing.charters.length > 1;
  const going: Going = (owner, { tier, day }) =>
    !keepsDay(state, owner.pseudonym, day) &&
    (day < days[tier] ||
      (isAmended && day < firstKept(agreedDays(context, state, owner)[tier])) ||
      owner.consentEpoch <= (floors.get(owner.pseudonym) ?? 0));
  const count = await keyring.count(owners, going);
  if (count === 0) return 0;
  // Proven in a checkpoint that was cosigned just now: a clock that jumped ahead shreds nothing.
  await ledger.announce([{ kind: 'keys.shredded', days, count }]);
  return keyring.shred(owners, going);
}

/** A charter that keeps things longer counts for nobody who has not agreed to it. */
function agreedDays(
  { identity }: KeeperContext,
  state: LedgerState,
  { pseudonym, consentEpoch }: ParticipantEpoch,
): Charter['retentionDays'] {
  const consent = state.participants.get(pseudonym)?.consents.get(consentEpoch);
  const agreed = consent && agreedCharter(state, consent, identity.publicKey);
  return (agreed ?? state.charter).retentionDays;
}
