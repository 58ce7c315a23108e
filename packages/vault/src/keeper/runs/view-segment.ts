// Seals one segment in quarantine to its own participant's reading key, on the record like any
// opening. Nobody else can ask for it, and nothing but what this vault set aside is shown.
import { fromBase64url } from '@handrail/core/bytes';
import { parseSealed } from '@handrail/core/segment';
import type { Job } from '@handrail/core/wire';
import { checkConsent } from '../checks/consent.ts';
import { checkPolicy, participantAsking, phaseIn } from '../checks/policy.ts';
import { checkQuarantined } from '../checks/refine.ts';
import { giveOut } from '../fence.ts';
import { allowed, type KeeperContext, openingFacts, Refusal, resultOf } from '../keeper-context.ts';
import { quarantinedOf } from '../refined-sessions.ts';
import type { JobOutcome } from '../server-port.ts';
import { allowedManifests } from '../state/manifest.ts';
import type { LedgerState } from '../state/state.ts';
import { unwrapOne } from './refine-inputs.ts';

type ViewSegmentJob = Extract<Job, { kind: 'view-segment' }>;

export async function viewSegment(
  context: KeeperContext,
  id: string,
  job: ViewSegmentJob,
): Promise<JobOutcome> {
  const { ledger, server } = context;
  const { pseudonym, consentEpoch } = job;
  const bytes = await server.getObject(`segments/${job.segment}`);
  const sealed = parseSealed(bytes);
  await requireOwn(context, await ledger.state(), job, sealed);
  const intent = {
    kind: 'segments.opening',
    job: id,
    purpose: 'self-view',
    tier: 'raw',
    by: { kind: 'owner' },
    concerns: [{ pseudonym, consentEpoch, ids: [job.segment] }],
  } as const;
  const { state, recorded } = await ledger.announce([intent]);
  const { latest, question } = await requireOwn(context, state, job, sealed);
  const { decision } = allowed(
    checkPolicy(context.policies, {
      action: 'quarantine.open',
      by: participantAsking(state, question),
      phase: phaseIn(state),
      recording: { id: job.segment, owner: sealed.header.pseudonym },
    }),
  );
  const contentKey = await unwrapOne(context, job, sealed);
  if (typeof contentKey === 'string') throw new Refusal(contentKey);
  const readingKey = fromBase64url(latest.readingKey);
  const task = { kind: 'view-segment', bytes, contentKey, readingKey, aad: id } as const;
  const result = resultOf('view-segment', await context.runTask(task));
  contentKey.fill(0);
  const kind = 'segments.opened' as const;
  await ledger.conclude({ ...intent, kind, decision }, { count: 1 });
  const check = (now: LedgerState) => requireOwn(context, now, job, sealed);
  await giveOut(context, check, () => server.putObject(`results/${id}`, result.box));
  return { outcome: 'done', result: id, facts: openingFacts(recorded) };
}

/** Throws `Refusal` unless the participant consents now and the segment is theirs to look at. */
async function requireOwn(
  context: KeeperContext,
  state: LedgerState,
  { pseudonym, consentEpoch, session, segment: id }: ViewSegmentJob,
  sealed: ReturnType<typeof parseSealed>,
) {
  const vaultKey = context.identity.publicKey;
  const nowMs = context.nowMs();
  const question = { vaultKey, nowMs, pseudonym, consentEpoch, use: 'self-view' } as const;
  const { consent, latest } = allowed(checkConsent(state, question));
  const manifests = allowedManifests(state, pseudonym, consentEpoch);
  const isQuarantined = (sequence: number) =>
    context.sessions.has(quarantinedOf(session), sequence);
  const facts = { id, session, consent, manifests, isQuarantined };
  allowed(await checkQuarantined(state, sealed, facts));
  return { latest, question };
}
