// Looks for somebody who never joined in all trajectories that the job names, and seals again,
// without them, whatever shows them. The old ones are never opened again.
import { requestDigest } from '@handrail/core/bystander';
import { signTrajectory } from '@handrail/core/dataset';
import type { Job } from '@handrail/core/wire';
import { taskBytesMax } from '../../worker/task.ts';
import { checkDecided, checkShare, countToTell } from '../checks/bystander.ts';
import { changedMeanwhile, giveOut } from '../fence.ts';
import { allowed, type KeeperContext, Refusal } from '../keeper-context.ts';
import type { ParticipantEpoch } from '../keys/keyring.ts';
import type { Removal } from '../removals.ts';
import type { JobOutcome } from '../server-port.ts';
import type { LedgerState } from '../state/state.ts';
import { markWithBystander } from './mark-with-bystander.ts';
import { type Found, mayBeSearched, searchSome } from './search-for-bystander.ts';
import { requireOwn } from './worker-answers.ts';

export type RemovalJob = Extract<Job, { kind: 'remove-bystander' }>;

/** Trajectories that are looked at together. */
const atOnce = 16;

/** May be run again at any point: what a request came to stays so. */
export async function removeBystander(
  context: KeeperContext,
  id: string,
  job: RemovalJob,
): Promise<JobOutcome> {
  const { request } = job;
  const removal = context.removals.of(request) ?? (await remove(context, id, job));
  await markWithBystander(context, id, removal);
  const { replaced, counted, isWhole, index, salt } = removal;
  const made = replaced.map(({ old, next }) => ({ old, next }));
  await context.server.bystanderRemoved({
    ...{ job: id, request, replaced: made },
    ...{ counted, isWhole, entry: { index, salt } },
  });
  return { outcome: 'done' };
}

async function remove(context: KeeperContext, id: string, job: RemovalJob): Promise<Removal> {
  const { ledger, removals, server } = context;
  const { request } = job;
  allowed(checkDecided(await ledger.state(), request));
  const box = await server.getObject(`bystanders/${request}`);
  if (requestDigest(box) !== request) throw new Refusal('request-unsound');
  const { found, searched, isWhole } = await searchAll(context, id, job, box);
  allowed(checkShare(found.length, searched));
  const check = (state: LedgerState) => stillStands(context, state, request, found);
  await giveOut(context, check, () => store(context, found));
  const state = await ledger.state();
  const owners = found.map(({ owner }) => owner.pseudonym);
  const counted = countToTell(owners, state.charter.k);
  const payload = { kind: 'bystander.removed', request, counted, isWhole };
  const { index, salt } = await ledger.record('bystander.removed', payload);
  const replaced = found.map(({ id: old, next, owner, segments }) => {
    return { old, next, ...owner, segments: [...segments] };
  });
  const removal = { replaced, counted, isWhole, index, salt };
  await removals.put(request, removal);
  return removal;
}

async function searchAll(
  context: KeeperContext,
  job: string,
  { request, concerns }: RemovalJob,
  box: Uint8Array,
) {
  const found: Found[] = [];
  let searched = 0;
  let bytes = 0;
  const named = concerns.reduce((sum, { trajectories }) => sum + trajectories.length, 0);
  for (const { trajectories, ...owner } of concerns) {
    for (const ids of partsOf(trajectories)) {
      const some = await searchSome(context, { job, request, box, owner, ids });
      found.push(...some.found);
      searched += some.searched;
      bytes += some.found.reduce((sum, { body }) => sum + body.length, 0);
      if (bytes > taskBytesMax) throw new Refusal('request-too-wide');
    }
  }
  return { found, searched, isWhole: searched === named };
}

function partsOf(ids: readonly string[]): (readonly string[])[] {
  const count = Math.ceil(ids.length / atOnce);
  return Array.from({ length: count }, (_, at) => ids.slice(at * atOnce, (at + 1) * atOnce));
}

/** Where somebody has left meanwhile, it is all done again without them. */
async function stillStands(
  context: KeeperContext,
  state: LedgerState,
  request: string,
  found: readonly Found[],
): Promise<void> {
  allowed(checkDecided(state, request));
  const owners = new Map<string, ParticipantEpoch>();
  for (const { owner } of found) owners.set(`${owner.pseudonym} ${owner.consentEpoch}`, owner);
  for (const owner of owners.values()) {
    if (!mayBeSearched(context, state, owner)) throw changedMeanwhile();
  }
}

async function store({ identity, server }: KeeperContext, found: readonly Found[]) {
  for (const { next, headerBytes, body } of found) {
    const bytes = await signTrajectory(headerBytes, body, identity.signer);
    const stored = await server.putObject(`trajectories/${next}`, bytes);
    await requireOwn(identity, stored, headerBytes);
  }
}
