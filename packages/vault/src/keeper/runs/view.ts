// Shows what a reading session names to whoever signed it: on the record first, then
// chunk by chunk as they are asked for, each only while the reader's right still stands.
import { fromBase64url } from '@handrail/core/bytes';
import { statementDigest } from '@handrail/core/statement';
import type { Job } from '@handrail/core/wire';
import { type ByPolicy, checkPolicy } from '../checks/policy.ts';
import { checkReading, type ReadingRight } from '../checks/reading.ts';
import { allowed, type KeeperContext, openingFacts, Refusal } from '../keeper-context.ts';
import type { Intent } from '../ledger/ledger-access.ts';
import { type Showable, stored } from '../reading/stored.ts';
import type { JobOutcome } from '../server-port.ts';
import type { LedgerState } from '../state/state.ts';
import type { Showing } from '../workers/workers.ts';

type ViewJob = Extract<Job, { kind: 'view' }>;
type Standing = ReadingRight & Pick<ByPolicy, 'decision'>;

/** Chunks made before the reader asks for them. */
const aheadMax = 3;
/** A reader who asks for nothing for so long has gone. */
const idleMsMax = 600_000;
/** How old the proof may get that no statement was withheld, before the next chunk is made. */
const provenMsMax = 50_000;

export async function view(context: KeeperContext, id: string, job: ViewJob): Promise<JobOutcome> {
  const { ledger, nonces, uses } = context;
  const { nonce } = job.session.payload;
  const subject = await stored(context, job.session.payload);
  const right = await rightOf(context, job, subject);
  if (!nonces.knows(nonce, context.nowMs())) throw new Refusal('session-nonce-unknown');
  const { purpose, grant, openedBy } = await right(await ledger.state());
  const { id: shownId, pseudonym, consentEpoch } = subject;
  const intent: Intent = {
    kind: subject.what === 'segment' ? 'segments.opening' : 'trajectories.opening',
    job: id,
    purpose,
    tier: subject.what === 'segment' ? 'raw' : 'trajectory',
    by: openedBy,
    ...(grant === undefined ? {} : { grant: grant.id }),
    concerns: [{ pseudonym, consentEpoch, ids: [shownId] }],
  };
  const { state, recorded } = await ledger.announce([intent]);
  const standing = await right(state);
  const digest = statementDigest(job.session);
  if (!nonces.spend(nonce, digest, context.nowMs())) throw new Refusal('session-nonce-unknown');
  if (standing.grant !== undefined) {
    const opened = { id: shownId, bytes: subject.bytes.length, until: standing.until };
    allowed(await uses.charge(standing.grant, { ...opened, nowMs: context.nowMs() }));
  }
  const progress = { chunks: 0 };
  const stands = stillStands(context, intent, right);
  try {
    await using showing = await shown(context, subject, { standing, job, digest });
    await handOver(context, id, showing, { progress, stands });
  } finally {
    const { decision } = standing;
    const kind = subject.what === 'segment' ? 'segments.opened' : 'trajectories.opened';
    const outcome = { ...intent, kind, decision } as const;
    await ledger.conclude(outcome, { count: progress.chunks });
  }
  // A reading that does not end as done is dropped by the server, with what was not fetched.
  await stands();
  return { outcome: 'done', facts: openingFacts(recorded) };
}

/** Asks everything again under each state. Throws `Refusal`. */
async function rightOf(
  context: KeeperContext,
  { session, pseudonym, consentEpoch }: ViewJob,
  subject: Showable,
): Promise<(state: LedgerState) => Promise<Standing>> {
  const { by } = session.payload;
  const grant = 'grant' in by ? await context.server.grant(by.grant) : undefined;
  const vaultKey = context.identity.publicKey;
  return async (state) => {
    const question = { vaultKey, nowMs: context.nowMs(), grant, pseudonym, consentEpoch };
    const right = allowed(await checkReading(state, subject, session, question));
    const { decision } = allowed(checkPolicy(context.policies, right.question));
    return { ...right, decision };
  };
}

/** The last statements decide, and the intent is proven anew before it is a minute old. */
function stillStands(
  { ledger, nowMs }: KeeperContext,
  intent: Intent,
  right: (state: LedgerState) => Promise<Standing>,
): () => Promise<void> {
  let provenAtMs = nowMs();
  return async () => {
    if (nowMs() - provenAtMs < provenMsMax) {
      await right(await ledger.state());
      return;
    }
    const { state } = await ledger.announce([intent]);
    provenAtMs = nowMs();
    await right(state);
  };
}

async function shown(
  context: KeeperContext,
  { what, bytes, pseudonym, contentKey }: Showable,
  { standing, job, digest }: { standing: Standing; job: ViewJob; digest: string },
): Promise<Showing> {
  const { grant } = standing;
  const reader = grant?.holder ?? pseudonym;
  const at = new Date(context.nowMs()).toISOString().slice(0, 16).replace('T', ' ').toLowerCase();
  const strength = grant === undefined ? 'faint' : 'strong';
  return context.show({
    kind: 'view',
    what,
    bytes,
    contentKey: await contentKey(),
    sessionKey: fromBase64url(job.session.payload.sessionKey),
    session: digest,
    mark: { lines: [reader, grant?.id ?? 'own view', `${at} utc`], strength },
  });
}

interface HandingOver {
  /** How many chunks have gone. */
  readonly progress: { chunks: number };
  /** Throws `Refusal` once the reader may not read any more. */
  readonly stands: () => Promise<void>;
}

/** Until there is no more, or the reader has gone. */
async function handOver(
  { server, nowMs }: KeeperContext,
  id: string,
  showing: Showing,
  { progress, stands }: HandingOver,
): Promise<void> {
  let wanted = -1;
  for (; ; progress.chunks++) {
    const number = progress.chunks;
    for (const sinceMs = nowMs(); number > wanted + aheadMax; ) {
      const reader = await server.awaitReader(id, number - aheadMax);
      await stands();
      if (!reader.open || nowMs() - sinceMs > idleMsMax) return;
      wanted = reader.wanted;
    }
    const box = await showing.next();
    if (box === undefined) return;
    await stands();
    await server.putChunk(id, number, box);
  }
}
