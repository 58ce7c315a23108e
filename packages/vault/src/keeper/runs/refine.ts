// Opens consecutive segments of one session for the one standing purpose: to make redacted
// trajectories of them, sealed to the same participant again.

import { equalBytes, fromBase64url, toBase64url } from '@handrail/core/bytes';
import { parseTrajectory, signTrajectory, verifyTrajectory } from '@handrail/core/dataset';
import { HandrailError } from '@handrail/core/errors';
import { unwrapContentKey } from '@handrail/core/open';
import { parseSealed, type SealedSegment } from '@handrail/core/segment';
import type { Job } from '@handrail/core/wire';
import type { RefineResult, SegmentInput, SegmentOutcome } from '../../worker/task.ts';
import { checkConsent } from '../checks/consent.ts';
import { checkSegment } from '../checks/refine.ts';
import type { RefusalReason } from '../checks/verdict.ts';
import { allowed, type KeeperContext, openingFacts, resultOf } from '../keeper-context.ts';
import { allowedManifests, type LedgerState } from '../ledger-state.ts';
import type { JobOutcome } from '../server-port.ts';
import { x25519PublicKey } from '../x25519.ts';
import { sha256Hex } from './candidates.ts';

type RefineJob = Extract<Job, { kind: 'refine' }>;

interface Sorted {
  readonly good: readonly { readonly segment: SealedSegment; readonly bytes: Uint8Array }[];
  readonly rejected: readonly SegmentOutcome[];
}

export async function refine(
  context: KeeperContext,
  id: string,
  job: RefineJob,
): Promise<JobOutcome> {
  const stored = await fetchAll(context, job.segments);
  const before = await sort(context, await context.ledger.state(), job, stored);
  if (before.good.length === 0) return report(context, id, before.rejected, undefined);
  const intent = {
    kind: 'segments.opening',
    job: id,
    purpose: 'refine',
    tier: 'raw',
    ids: before.good.map(({ segment }) => segment.id),
    pseudonym: job.pseudonym,
    consentEpoch: job.consentEpoch,
  } as const;
  const { state, recorded } = await context.ledger.announce([intent]);
  // Again, under the state that the checkpoint proves: a withdrawal may just have come in.
  const { good, rejected } = await sort(context, state, job, stored);
  const { inputs, lost } = await unwrapEach(context, job, state, good);
  const result = await runRefine(context, job, state, good, inputs);
  await context.ledger.record(
    'segments.opened',
    { v: 1, ...intent, kind: 'segments.opened' },
    {
      count: inputs.length,
    },
  );
  const outcome = await report(context, id, [...rejected, ...lost], result);
  const last = good.at(-1)?.segment.header;
  if (last !== undefined) {
    await context.sessions.mark(job.session, last.sequence, last.day);
  }
  return { ...outcome, facts: { ...outcome.facts, ...openingFacts(recorded) } };
}

async function fetchAll(
  context: KeeperContext,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const stored = new Map<string, Uint8Array>();
  for (const id of ids) stored.set(id, await context.server.getObject(`segments/${id}`));
  return stored;
}

/** Which segments may be opened under `state`, in order of their sequence. */
async function sort(
  context: KeeperContext,
  state: LedgerState,
  job: RefineJob,
  stored: ReadonlyMap<string, Uint8Array>,
): Promise<Sorted> {
  const { pseudonym, consentEpoch, session } = job;
  const question = {
    vaultKey: context.identity.publicKey,
    nowMs: context.nowMs(),
    pseudonym,
    consentEpoch,
  };
  const { consent } = allowed(checkConsent(state, question));
  const manifests = allowedManifests(state, pseudonym, consentEpoch);
  const refinedTo = context.sessions.refinedTo(session);
  const sequences = new Set<number>();
  const good: { segment: SealedSegment; bytes: Uint8Array }[] = [];
  const rejected: SegmentOutcome[] = [];
  for (const [id, bytes] of stored) {
    const segment = parsed(bytes);
    const facts = { id, session, consent, manifests, refinedTo, sequences };
    const verdict = segment && (await checkSegment(state, segment, facts));
    if (segment === undefined || verdict?.kind !== 'allowed') {
      rejected.push(refused(id, verdict?.kind === 'refused' ? verdict.reason : 'malformed'));
      continue;
    }
    sequences.add(segment.header.sequence);
    good.push({ segment, bytes });
  }
  good.sort((a, b) => a.segment.header.sequence - b.segment.header.sequence);
  return { good, rejected };
}

function parsed(bytes: Uint8Array): SealedSegment | undefined {
  try {
    return parseSealed(bytes);
  } catch {
    return undefined;
  }
}

async function unwrapEach(
  context: KeeperContext,
  job: RefineJob,
  state: LedgerState,
  good: Sorted['good'],
): Promise<{ inputs: SegmentInput[]; lost: SegmentOutcome[] }> {
  const consent = state.participants.get(job.pseudonym)?.consents.get(job.consentEpoch);
  const deviceKey = fromBase64url(consent?.deviceKey ?? '');
  const inputs: SegmentInput[] = [];
  const lost: SegmentOutcome[] = [];
  for (const { segment, bytes } of good) {
    const contentKey = await unwrapOne(context, job, segment);
    if (typeof contentKey === 'string') lost.push(refused(segment.id, contentKey));
    else inputs.push({ id: segment.id, bytes, contentKey, deviceKey });
  }
  return { inputs, lost };
}

/** The content key, or why there is none. */
async function unwrapOne(
  context: KeeperContext,
  job: RefineJob,
  { header, headerBytes, body }: SealedSegment,
): Promise<Uint8Array | RefusalReason> {
  const privateKey = await context.keyring.dayKey(job, { tier: 'raw', day: header.day });
  if (privateKey === undefined) return 'keys-destroyed';
  try {
    if (toBase64url(x25519PublicKey(privateKey)) !== header.sealedTo)
      return 'sealed-to-another-key';
    return await unwrapContentKey(privateKey, 'segment', headerBytes, body);
  } catch (error) {
    if (error instanceof HandrailError) return 'seal-broken';
    throw error;
  } finally {
    privateKey.fill(0);
  }
}

async function runRefine(
  context: KeeperContext,
  job: RefineJob,
  state: LedgerState,
  good: Sorted['good'],
  inputs: readonly SegmentInput[],
): Promise<RefineResult | undefined> {
  const day = good.at(-1)?.segment.header.day;
  if (inputs.length === 0 || day === undefined) return undefined;
  const privateKey = await context.keyring.dayKey(job, { tier: 'trajectory', day });
  if (privateKey === undefined) throw new HandrailError('keys.destroyed', 'There is no day key.');
  const publicKey = x25519PublicKey(privateKey);
  privateKey.fill(0);
  const result = await context.runTask({
    kind: 'refine',
    programme: state.charter.programme,
    pseudonym: job.pseudonym,
    consentEpoch: job.consentEpoch,
    manifests: allowedManifests(state, job.pseudonym, job.consentEpoch),
    segments: inputs,
    trajectoryKey: { publicKey, day },
  });
  for (const { contentKey } of inputs) contentKey.fill(0);
  return resultOf('refine', result);
}

/** Signs and stores what the worker made, then says what became of every segment. */
async function report(
  context: KeeperContext,
  id: string,
  rejected: readonly SegmentOutcome[],
  result: RefineResult | undefined,
): Promise<JobOutcome> {
  const trajectories: Parameters<typeof context.server.refined>[0]['trajectories'] = [];
  for (const { facts, segments, headerBytes, body } of result?.trajectories ?? []) {
    const bytes = await signTrajectory(headerBytes, body, context.identity.signer);
    const stored = await context.server.putObject(`trajectories/${facts.id}`, bytes);
    await requireOwn(context, stored, headerBytes);
    trajectories.push({ facts, segments: [...segments], objectDigest: sha256Hex(stored) });
  }
  const segments = [...rejected, ...(result?.segments ?? [])];
  await context.server.refined({ job: id, segments, trajectories });
  return {
    outcome: 'done',
    facts: { segments: segments.length, trajectories: trajectories.length },
  };
}

/** An earlier try may have stored it: the same header, signed by this vault, is the same thing. */
async function requireOwn(context: KeeperContext, stored: Uint8Array, headerBytes: Uint8Array) {
  const sealed = parseTrajectory(stored);
  const own = await verifyTrajectory(sealed, context.identity.signer.publicKey);
  if (own && equalBytes(sealed.headerBytes, headerBytes)) return;
  throw new HandrailError('state.conflict', 'Another object has the name of this trajectory.');
}

function refused(id: string, reason: RefusalReason): SegmentOutcome {
  return { id, state: 'rejected', reason };
}
