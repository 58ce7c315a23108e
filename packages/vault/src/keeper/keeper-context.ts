// Everything a job may use, built once by the composition root.
import { type ErrorCode, HandrailError } from '@handrail/core/errors';
import type { Charter } from '@handrail/core/statement';
import type { Job } from '@handrail/core/wire';
import type { Policies } from '@handrail/policy/bundle';
import type { VaultIdentity } from '../secrets.ts';
import type { OcrSettings } from '../worker/ocr/settings.ts';
import type { LocalModel, ViewTask, WorkerResult, WorkerTask } from '../worker/task.ts';
import { type RefusalReason, refusalReasons } from './checks/verdict.ts';
import type { Keyring } from './keys/keyring.ts';
import type { LedgerAccess, Recorded } from './ledger/ledger-access.ts';
import type { GrantUses } from './reading/grant-uses.ts';
import type { ReadingNonces } from './reading/reading-nonces.ts';
import type { RefinedSessions } from './refined-sessions.ts';
import type { ReleaseLists } from './releases/release-list.ts';
import type { Removals } from './removals.ts';
import type { JobOutcome, ServerPort } from './server-port.ts';
import type { Showing } from './workers/workers.ts';

export interface KeeperContext {
  /** As it was pinned; which one is in force, the ledger's state says. */
  readonly charter: Charter;
  readonly policies: Policies;
  readonly identity: VaultIdentity;
  readonly server: ServerPort;
  readonly ledger: LedgerAccess;
  readonly keyring: Keyring;
  readonly lists: ReleaseLists;
  readonly sessions: RefinedSessions;
  readonly nonces: ReadingNonces;
  readonly uses: GrantUses;
  readonly removals: Removals;
  /** How many workers have died over each refine job since the start. */
  readonly workerDeaths: Map<string, number>;
  /** What workers read the text in frames with. */
  readonly ocr: OcrSettings;
  /** Whom workers ask for names besides. */
  readonly model?: LocalModel | undefined;
  /** Runs one task in a child process of its own. Throws `timeout`, `internal`. */
  readonly runTask: (task: WorkerTask) => Promise<WorkerResult>;
  /** As `runTask`, for what is shown chunk by chunk. */
  readonly show: (task: ViewTask) => Showing;
  readonly nowMs: () => number;
  /** Of Handrail, such as `0.1.0`. */
  readonly codeVersion: string;
}

/** A plain no that ends a job: thrown inside a run, never out of it. */
export class Refusal extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason) {
    super(reason);
    this.reason = reason;
  }
}

/** The verdict, when it allows. Throws `Refusal` otherwise. */
export function allowed<V extends { readonly kind: 'allowed' }>(
  verdict: V | { readonly kind: 'refused'; readonly reason: RefusalReason },
): V {
  if (verdict.kind === 'refused') throw new Refusal(verdict.reason);
  return verdict;
}

/** The worker's result of the task's kind. Throws `Refusal` or the worker's error by its code. */
export function resultOf<K extends WorkerTask['kind']>(
  kind: K,
  result: WorkerResult,
): Extract<WorkerResult, { kind: K }> {
  if (result.kind === 'refused') {
    throw new Refusal(refusalReasons.find((reason) => reason === result.reason) ?? 'malformed');
  }
  if (result.kind === 'failed') throw new HandrailError(result.code, 'The worker failed.');
  if (result.kind !== kind)
    throw new HandrailError('internal', 'The worker answered another task.');
  return result as Extract<WorkerResult, { kind: K }>;
}

/** Where the opening stands and the salt with which anyone can check what it committed to. */
export function openingFacts(recorded: readonly Recorded[]): NonNullable<JobOutcome['facts']> {
  const [first] = recorded;
  return first === undefined ? {} : { opening: first.index, openingSalt: first.salt };
}

/** Errors that another try may mend; all others end a job that somebody waits for. */
const passing: readonly ErrorCode[] = [
  ...(['unreachable', 'timeout', 'ledger.unverified', 'rate.limited', 'storage.full'] as const),
  ...(['storage.broken', 'keys.unknown', 'state.conflict', 'internal'] as const),
];

/** Nothing that a participant has handed in, taken back or agreed to ends on an error of ours. */
const lasting: readonly Job['kind'][] = [
  ...(['refine', 'shred', 'issue-keys', 'review-releases', 'remove-bystander'] as const),
];

/** Refusals that pass: what was accepted waits for the resume, the renewal, or other policies. */
function waits(reason: RefusalReason, kind: Job['kind'] | undefined): boolean {
  if (isPassing(reason)) return true;
  return kind === 'refine' && mayEnd.includes(reason);
}

/** Ends for every job alike: by a resume, a start, a release, or the right policies. */
export function isPassing(reason: RefusalReason): boolean {
  return stopping.includes(reason);
}

const stopping: readonly RefusalReason[] = [
  'kept-by-a-hold',
  'programme-halted',
  'programme-not-started',
  'charter-rolled-back',
  'policies-not-in-force',
];

const mayEnd: readonly RefusalReason[] = [
  'consent-not-renewed',
  'consent-of-another-time',
  'denied-by-policy',
];

/** How a job ends that threw. The reason is a fixed word or a code, never a message. */
export function outcomeOf(error: unknown, kind?: Job['kind']): JobOutcome {
  if (error instanceof Refusal) {
    return { outcome: waits(error.reason, kind) ? 'retry' : 'failed', reason: error.reason };
  }
  if (!(error instanceof HandrailError)) return { outcome: 'retry', reason: 'internal' };
  const isLasting = kind !== undefined && lasting.includes(kind);
  const outcome = isLasting || passing.includes(error.code) ? 'retry' : 'failed';
  return { outcome, reason: error.code };
}
