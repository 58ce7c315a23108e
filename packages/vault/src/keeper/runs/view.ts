// Seals one trajectory to its own participant's reading key, on the record like any opening.
import { fromBase64url } from '@handrail/core/bytes';
import { parseTrajectory } from '@handrail/core/dataset';
import type { Job } from '@handrail/core/wire';
import { checkPolicy, participantAsking } from '../checks/policy.ts';
import { checkView } from '../checks/trajectory.ts';
import { giveOut } from '../fence.ts';
import { allowed, type KeeperContext, openingFacts, resultOf } from '../keeper-context.ts';
import type { JobOutcome } from '../server-port.ts';
import type { LedgerState } from '../state/state.ts';
import { unwrapTrajectory } from '../unwrap.ts';

type ViewJob = Extract<Job, { kind: 'view' }>;

export async function view(context: KeeperContext, id: string, job: ViewJob): Promise<JobOutcome> {
  const { identity, ledger, server } = context;
  const bytes = await server.getObject(`trajectories/${job.trajectory}`);
  const sealed = parseTrajectory(bytes);
  const { pseudonym, consentEpoch } = job;
  const question = () => ({
    id: job.trajectory,
    vaultKey: identity.publicKey,
    nowMs: context.nowMs(),
    pseudonym,
    consentEpoch,
  });
  allowed(await checkView(await ledger.state(), sealed, question()));
  const intent = {
    kind: 'trajectories.opening',
    job: id,
    purpose: 'self-view',
    tier: 'trajectory',
    by: { kind: 'owner' },
    concerns: [{ pseudonym, consentEpoch, ids: [job.trajectory] }],
  } as const;
  const { state, recorded } = await ledger.announce([intent]);
  const check = async (now: LedgerState) => allowed(await checkView(now, sealed, question()));
  const { latest } = await check(state);
  const { decision } = allowed(
    checkPolicy(context.policies, {
      action: 'trajectory.open',
      by: participantAsking(state, { ...question(), use: 'self-view' }),
      halted: state.halted,
      trajectory: { id: job.trajectory, owner: sealed.header.pseudonym },
    }),
  );
  const contentKey = await unwrapTrajectory(context.keyring, sealed);
  const readingKey = fromBase64url(latest.readingKey);
  const task = { kind: 'view', bytes, contentKey, readingKey, aad: id } as const;
  const result = resultOf('view', await context.runTask(task));
  contentKey.fill(0);
  const kind = 'trajectories.opened' as const;
  await ledger.conclude({ ...intent, kind, decision });
  await giveOut(context, check, () => server.putObject(`results/${id}`, result.box));
  return { outcome: 'done', result: id, facts: openingFacts(recorded) };
}
