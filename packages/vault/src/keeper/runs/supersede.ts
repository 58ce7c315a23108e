// Which releases hold rows of somebody who has left. Marking them opens nothing, so it goes on
// during a halt as well; nothing is exported or built from a marked release any more.
import type { ReleaseStanding, SupersessionReason } from '@handrail/core/statement';
import type { KeeperContext } from '../keeper-context.ts';
import type { ReleaseRecord } from '../releases/release-record.ts';
import { objectsTo } from '../state/objection.ts';
import type { LedgerState } from '../state/state.ts';

/** Lists what must not be used any more, of all or of `only`; gives those not settled yet. */
export async function markSuperseded(
  { lists, keyring, nowMs }: KeeperContext,
  state: LedgerState,
  only?: string,
): Promise<readonly ReleaseStanding[]> {
  const at = `${new Date(nowMs()).toISOString().slice(0, 19)}Z`;
  const open: ReleaseStanding[] = [];
  for (const standing of (await lists.newest()).releases) {
    if (only !== undefined && standing.release !== only) continue;
    const record = await keyring.release(standing.release);
    if (record === undefined) continue;
    record.privateKey.fill(0);
    if (standing.state === 'superseded') open.push(standing);
    const reason = standing.state === 'good' ? whyGone(state, record) : undefined;
    if (reason === undefined) continue;
    const { release, manifest } = standing;
    open.push({ release, manifest, state: 'superseded', at, reason });
  }
  await lists.put(...open);
  return open;
}

/** Consent that is only late comes back with the next renewal; what was taken back does not. */
function whyGone(state: LedgerState, record: ReleaseRecord): SupersessionReason | undefined {
  const left = record.participants.some(({ pseudonym, consentEpoch }) => {
    return consentEpoch <= (state.floors.get(pseudonym) ?? 0);
  });
  if (left) return 'withdrawal';
  const objects = record.participants.some(({ pseudonym }) => {
    return objectsTo(state, pseudonym, record.purpose);
  });
  return objects ? 'objection' : undefined;
}
