// A keeper over a trial programme for tests: its own folder, keys, checks and worker processes are
// the real ones; the server's side of each call is kept in memory.
import { randomBytes } from 'node:crypto';
import { toBase64url } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import {
  decodeEntry,
  follow,
  type LedgerEntry,
  parseVerifierLine,
  readEntries,
} from '@handrail/core/ledger';
import { apply } from '@handrail/core/redact';
import {
  encodeContent,
  type SegmentContent,
  type SegmentHeader,
  sealSegment,
  textSurfaces,
} from '@handrail/core/segment';
import type { DayKey, ErasureCertificate, Grant, Signed } from '@handrail/core/statement';
import type { Acceptance, ReleaseFacts, SupersessionFacts } from '@handrail/core/wire';
import { readIdentity } from '../../secrets.ts';
import type { ViewTask, WorkerResult, WorkerTask } from '../../worker/task.ts';
import { view } from '../../worker/view.ts';
import type { KeeperContext } from '../keeper-context.ts';
import { openKeyring } from '../keys/keyring.ts';
import { Checkpoints } from '../ledger/checkpoint.ts';
import { ledgerAccess } from '../ledger/ledger-access.ts';
import { openPolicies } from '../ledger/policies.ts';
import { Statements } from '../ledger/statements.ts';
import { TagNumbers } from '../ledger/tag-numbers.ts';
import { GrantUses } from '../reading/grant-uses.ts';
import { ReadingNonces } from '../reading/reading-nonces.ts';
import { openRefinedSessions } from '../refined-sessions.ts';
import { releaseLists } from '../releases/release-list.ts';
import { Removals } from '../removals.ts';
import type { BystanderReport, RefinedReport, ServerPort } from '../server-port.ts';
import type { Showing } from '../workers/workers.ts';
import { newId, startMs, type TrialParticipant, type TrialProgramme } from './programme.ts';

export interface TrialServer extends ServerPort {
  readonly objects: Map<string, Uint8Array>;
  readonly nodes: Map<string, Uint8Array>;
  readonly grants: Map<string, Signed<Grant>>;
  readonly dayKeys: Signed<DayKey>[];
  readonly reports: RefinedReport[];
  readonly releases: ReleaseFacts[];
  readonly supersessions: Map<string, SupersessionFacts>;
  /** By reading, in order. */
  readonly chunks: Map<string, Uint8Array[]>;
  readonly certificates: Signed<ErasureCertificate>[];
  /** By segment: what the server says of how it came in. */
  readonly acceptances: Map<string, Acceptance>;
  readonly removed: BystanderReport[];
}

export function trialServer(): TrialServer {
  const objects = new Map<string, Uint8Array>();
  const grants = new Map<string, Signed<Grant>>();
  const dayKeys: Signed<DayKey>[] = [];
  const reports: RefinedReport[] = [];
  const releases: ReleaseFacts[] = [];
  const supersessions = new Map<string, SupersessionFacts>();
  const chunks = new Map<string, Uint8Array[]>();
  const certificates: Signed<ErasureCertificate>[] = [];
  const acceptances = new Map<string, Acceptance>();
  const removed: BystanderReport[] = [];
  return {
    chunks,
    objects,
    nodes: new Map(),
    grants,
    dayKeys,
    reports,
    releases,
    supersessions,
    certificates,
    acceptances,
    removed,
    restart: async () => undefined,
    leaseJob: async () => undefined,
    finishJob: async () => undefined,
    getObject: async (name) => found(objects.get(name)),
    putObject: async (name, bytes) => {
      const stands = objects.get(name) ?? bytes;
      objects.set(name, stands);
      return stands;
    },
    acceptance: async (id) => found(acceptances.get(id)),
    grant: async (id) => found(grants.get(id)),
    putReadingNonce: async () => undefined,
    putChunk: async (id, _number, box) => {
      chunks.set(id, [...(chunks.get(id) ?? []), box]);
    },
    awaitReader: async (_id, wanted) => ({ wanted, open: true }),
    putDayKeys: async (keys) => {
      dayKeys.push(...keys);
    },
    refined: async (report) => {
      reports.push(report);
    },
    erased: async () => ({ segments: 0, trajectories: 0 }),
    certified: async (certificate) => {
      certificates.push(certificate);
    },
    released: async (facts) => {
      releases.push(facts);
    },
    bystanderRemoved: async (report) => {
      removed.push(report);
    },
    superseded: async (id, facts) => {
      supersessions.set(id, facts);
    },
  };
}

/** The worker's own code in this process. */
export function showHere(task: ViewTask): Showing {
  const boxes = view(task);
  return {
    next: async () => (await boxes.next()).value ?? undefined,
    [Symbol.asyncDispose]: async () => {
      await boxes.return();
    },
  };
}

function found<T>(value: T | undefined): T {
  if (value !== undefined) return value;
  throw new HandrailError('not.found', 'There is no such thing.');
}

export async function trialKeeper(
  folder: string,
  trial: TrialProgramme,
  server: TrialServer,
  runTask: (task: WorkerTask) => Promise<WorkerResult>,
  nowMs: () => number = () => startMs,
  show: (task: ViewTask) => Showing = showHere,
): Promise<KeeperContext> {
  const { reader } = trial.ledger;
  const { nodes } = server;
  const policies = await openPolicies();
  await trial.start(policies.version);
  const statements = await Statements.open(
    folder,
    trial.charter,
    trial.statements,
    policies.version,
  );
  const identity = await readIdentity(folder);
  const ledger = ledgerAccess({
    reader,
    append: (entries) => trial.ledger.append(entries),
    checkpoints: await Checkpoints.open(folder, reader, () => statements.charter, nowMs),
    statements,
    nowMs,
    programme: trial.charter.programme,
    identity,
    numbers: await TagNumbers.open(folder),
    putObject: (name, bytes) => server.putObject(name, bytes),
  });
  const keyring = await openKeyring(folder, {
    get: async (names) =>
      new Map(names.flatMap((name) => [[name, found(nodes.get(name))] as const])),
    put: async (more) => {
      for (const [name, bytes] of more) nodes.set(name, bytes);
    },
    drop: async (names) => {
      for (const name of names) nodes.delete(name);
    },
  });
  const ground = { charter: trial.charter, identity, server, ledger, keyring, nowMs };
  return {
    ...ground,
    policies,
    lists: releaseLists(ground),
    sessions: await openRefinedSessions(folder, '2026-10-01'),
    workerDeaths: new Map(),
    ocr: { kind: 'program', path: '/usr/bin/tesseract' },
    nonces: new ReadingNonces(),
    uses: await GrantUses.open(folder),
    removals: await Removals.open(folder),
    runTask,
    show,
    codeVersion: 'trial',
  };
}

/** Seals a segment as a device does, with the day key that the vault issued, and hands it in. */
export async function handIn(
  trial: TrialProgramme,
  server: TrialServer,
  { consent, device }: TrialParticipant,
  header: Partial<SegmentHeader>,
  content: Partial<SegmentContent>,
): Promise<string> {
  const key = server.dayKeys.find(
    ({ payload }) => payload.pseudonym === consent.pseudonym && payload.tier === 'raw',
  );
  const { pseudonym, device: id, consentEpoch } = consent;
  const none = { contexts: [], events: [], frames: [], findings: [] };
  const whole = { v: 1, startedAtMs: startMs, ...none, ...content };
  const texts = apply({ surfaces: textSurfaces(whole.events) }, { findings: [] });
  const sealed = await sealSegment(
    {
      v: 1,
      programme: trial.charter.programme,
      pseudonym,
      device: id,
      session: newId('ses'),
      sequence: 0,
      closes: true,
      consentEpoch,
      programmeEpoch: 1,
      manifest: consent.manifest ?? '',
      display: 'virtual',
      sealedTo: key?.payload.publicKey ?? toBase64url(randomBytes(32)),
      day: '2026-11-23',
      ...header,
    },
    encodeContent({ ...whole, v: 1 }, texts),
    device,
  );
  server.objects.set(`segments/${sealed.id}`, sealed.bytes);
  return sealed.id;
}

/** Kinds of all entries in the ledger, in order. */
export async function kindsIn(trial: TrialProgramme): Promise<readonly string[]> {
  return (await entriesIn(trial)).map(({ kind }) => kind);
}

export async function entriesIn({ ledger, charter }: TrialProgramme): Promise<LedgerEntry[]> {
  const log = parseVerifierLine(charter.logVerifier);
  const step = await follow(ledger.reader, undefined, { log, witnesses: [], quorum: 0 });
  const entries: LedgerEntry[] = [];
  if (step.kind === 'refused') return entries;
  for await (const { bytes } of readEntries(ledger.reader, step.checkpoint)) {
    entries.push(decodeEntry(bytes));
  }
  return entries;
}
