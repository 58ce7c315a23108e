// What goes into refining: which segments of a job may be opened under a state of the ledger, and
// their content keys. Whatever may not is rejected one by one, with its reason.
import { fromBase64url, toBase64url } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { unwrapContentKey } from '@handrail/core/open';
import { parseSealed, type SealedSegment } from '@handrail/core/segment';
import type { Job } from '@handrail/core/wire';
import type { SegmentInput, SegmentOutcome } from '../../worker/task.ts';
import { wasAccepted } from '../acceptance.ts';
import { type ConsentQuestion, checkConsent } from '../checks/consent.ts';
import { checkSegment } from '../checks/refine.ts';
import type { RefusalReason } from '../checks/verdict.ts';
import { allowed, type KeeperContext } from '../keeper-context.ts';
import type { ParticipantEpoch } from '../keys/keyring.ts';
import { x25519PublicKey } from '../keys/x25519.ts';
import { quarantinedOf, releasedOf } from '../refined-sessions.ts';
import { allowedManifests } from '../state/manifest.ts';
import { decisionOn } from '../state/quarantine.ts';
import type { LedgerState } from '../state/state.ts';

export type RefineJob = Extract<Job, { kind: 'refine' }>;

export interface Sorted {
  readonly good: readonly { readonly segment: SealedSegment; readonly bytes: Uint8Array }[];
  readonly rejected: readonly SegmentOutcome[];
}

/** By id; undefined where the server has lost or withholds one. */
export async function fetchAll(
  context: KeeperContext,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array | undefined>> {
  const stored = new Map<string, Uint8Array | undefined>();
  for (const id of ids) {
    const bytes = context.server.getObject(`segments/${id}`).catch((error: unknown) => {
      if (error instanceof HandrailError && error.code === 'not.found') return undefined;
      throw error;
    });
    stored.set(id, await bytes);
  }
  return stored;
}

export function consentQuestion(
  { identity, nowMs }: KeeperContext,
  { pseudonym, consentEpoch }: RefineJob,
): ConsentQuestion {
  return { vaultKey: identity.publicKey, nowMs: nowMs(), pseudonym, consentEpoch };
}

/** Which segments may be opened under `state`, in order of their sequence. Throws `Refusal`. */
export async function sortSegments(
  context: KeeperContext,
  state: LedgerState,
  job: RefineJob,
  stored: ReadonlyMap<string, Uint8Array | undefined>,
): Promise<Sorted> {
  const { pseudonym, consentEpoch, session } = job;
  const { consent } = allowed(checkConsent(state, consentQuestion(context, job)));
  const manifests = allowedManifests(state, pseudonym, consentEpoch);
  const sequences = new Set<number>();
  const good: { segment: SealedSegment; bytes: Uint8Array }[] = [];
  const rejected: SegmentOutcome[] = [];
  for (const [id, bytes] of stored) {
    const segment = bytes && parsed(bytes);
    const isReleased = decisionOn(state, { id, pseudonym }) === 'quarantine-release';
    const isRefined = (sequence: number) => wasRefined(context, { session, sequence, isReleased });
    const before = (leaf: number) => wasAccepted(context, id, leaf);
    const asked = { isRefined, sequences, wasAccepted: before };
    const facts = { id, session, consent, manifests, ...asked };
    const verdict = segment && (await checkSegment(state, segment, facts));
    if (bytes === undefined) rejected.push(refused(id, 'input-missing'));
    else if (segment === undefined || verdict?.kind !== 'allowed') {
      rejected.push(refused(id, verdict?.kind === 'refused' ? verdict.reason : 'malformed'));
    } else {
      sequences.add(segment.header.sequence);
      good.push({ segment, bytes });
    }
  }
  good.sort((a, b) => a.segment.header.sequence - b.segment.header.sequence);
  return { good, rejected };
}

/** What was put into quarantine and released goes through once more, and no more than once. */
function wasRefined(
  { sessions }: KeeperContext,
  place: { readonly session: string; readonly sequence: number; readonly isReleased: boolean },
): boolean {
  const { session, sequence, isReleased } = place;
  if (!isReleased) return sessions.has(session, sequence);
  const waited = sessions.has(quarantinedOf(session), sequence);
  return !waited || sessions.has(releasedOf(session), sequence);
}

function parsed(bytes: Uint8Array): SealedSegment | undefined {
  try {
    return parseSealed(bytes);
  } catch {
    return undefined;
  }
}

export async function unwrapEach(
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
    else {
      const owned = { id: segment.id, pseudonym: job.pseudonym };
      const isReleased = decisionOn(state, owned) === 'quarantine-release';
      inputs.push({ id: segment.id, bytes, contentKey, deviceKey, isReleased });
    }
  }
  return { inputs, lost };
}

/** The content key, or why there is none. */
export async function unwrapOne(
  context: KeeperContext,
  job: ParticipantEpoch,
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

export function refused(id: string, reason: RefusalReason): SegmentOutcome {
  return { id, state: 'rejected', reason };
}
