// Opens everything that the server stands on, in order, and closes it in reverse. What is half
// open when something fails is closed as well.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { HandrailError } from '@handrail/core/errors';
import pino from 'pino';
import { Facts } from './catalog/facts.ts';
import type { ServerConfig } from './config.ts';
import type { Ground, ServerContext } from './context.ts';
import { readPinned } from './governance/charter-file.ts';
import { DecisionBook } from './governance/decision-book.ts';
import { Leases } from './governance/leases.ts';
import { noticeOf } from './governance/notices.ts';
import { openPolicies, type ReadPolicy } from './governance/policies.ts';
import { Programme } from './governance/programme.ts';
import { StatementLedger } from './governance/statement-ledger.ts';
import { SegmentIntake } from './intake/segment-intake.ts';
import { JobQueue } from './jobs/job-queue.ts';
import { LedgerFiles } from './ledger/ledger-files.ts';
import { LedgerLog } from './ledger/ledger-log.ts';
import { Witness } from './ledger/witnesses.ts';
import { ReadingRelay } from './reading/relay.ts';
import { readLogKey } from './secrets.ts';
import { openDatabase } from './storage/database.ts';
import { FileObjectStore } from './storage/file-object-store.ts';
import { lockFolder } from './storage/folder-lock.ts';
import { FileJournal, noJournal } from './storage/journal.ts';
import { reconcile } from './storage/reconcile.ts';
import { Room } from './storage/room.ts';

export interface OpenOptions {
  /** Unix milliseconds; the system's clock by default. */
  readonly nowMs?: () => number;
  /** Reads policies from elsewhere: other ones than those in the ledger decide nothing. */
  readonly readPolicy?: ReadPolicy;
}

/** Throws `data.locked`, `usage.invalid`, `storage.broken`, `ledger.unverified`. */
export async function openContext(
  config: ServerConfig,
  stack: AsyncDisposableStack,
  { nowMs = Date.now, readPolicy }: OpenOptions,
): Promise<ServerContext> {
  const ground = await openGround(config, stack, { nowMs, readPolicy });
  const { charter, notice, objects } = ground;
  const programme = await Programme.load(ground.db, {
    charter,
    notice,
    vaultKey: config.vaultKey,
    noticeOf: (digest) => noticeOf(objects, digest),
  });
  const statements = new StatementLedger(ground, programme);
  const facts = new Facts(ground.db, ground.journal);
  const intake = stack.use(new SegmentIntake(ground, programme));
  const decisions = stack.use(new DecisionBook(ground));
  const leases = new Leases();
  const readings = new ReadingRelay(nowMs);
  const context = {
    ...ground,
    programme,
    statements,
    facts,
    intake,
    leases,
    decisions,
    readings,
    get charter() {
      return programme.inForce.charter;
    },
    get fingerprint() {
      return programme.inForce.fingerprint;
    },
    get notice() {
      return programme.inForce.notice;
    },
  };
  const reconciled = await reconcile(context);
  context.log.info(reconciled, 'reconciled');
  await recordFounding(context);
  requireNoRollback(context);
  return context;
}

async function openGround(
  config: ServerConfig,
  stack: AsyncDisposableStack,
  {
    nowMs,
    readPolicy,
  }: { readonly nowMs: () => number; readonly readPolicy: ReadPolicy | undefined },
): Promise<Ground> {
  // Standard output belongs to whoever started us.
  const log = pino({ level: config.logLevel, base: null }, pino.destination({ fd: 2, sync: true }));
  const signer = await readLogKey(config.logKeyFile);
  const pinned = await readPinned(config, signer);
  const policies = await openPolicies(readPolicy);
  stack.use(await lockFolder(config.dataFolder));
  const objects = await FileObjectStore.open(join(config.dataFolder, 'objects'));
  const database = await openDatabase(placeOf(config));
  stack.defer(() => database.close());
  const { db, queue, kind, lost: databaseLost } = database;
  const journal = stack.use(
    kind === 'pglite' ? await FileJournal.open(join(config.dataFolder, 'journal')) : noJournal,
  );
  const ledger = stack.use(
    await LedgerLog.open({
      files: await LedgerFiles.open(join(config.dataFolder, 'ledger')),
      signer,
      witnesses: config.witnesses.map((place) => new Witness(place)),
      witnessQuorum: pinned.charter.payload.witnessQuorum,
    }),
  );
  const random = (length: number) => new Uint8Array(randomBytes(length));
  const onError = (error: Error) => log.error({ kind: error.name }, 'the job queue failed');
  const jobs = stack.use(
    await JobQueue.open({
      db,
      queue,
      retrySeconds: config.jobRetrySeconds,
      nowMs,
      randomBytes: random,
      onError,
    }),
  );
  const room = new Room(config.dataFolder, config.reserveBytes, nowMs);
  const means = { nowMs, randomBytes: random, log, databaseLost };
  return { config, ...pinned, policies, ...means, db, objects, ledger, jobs, journal, room };
}

function placeOf({ databaseUrl, dataFolder, databaseStallSecondsMax }: ServerConfig) {
  const stallMsMax = databaseStallSecondsMax * 1000;
  return databaseUrl === undefined
    ? ({ kind: 'pglite', folder: join(dataFolder, 'database'), stallMsMax } as const)
    : ({ kind: 'postgres', url: databaseUrl } as const);
}

/** The charter is the first statement of its ledger; what founds the programme follows it. */
async function recordFounding(context: ServerContext): Promise<void> {
  const { statements, charter, founding, db } = context;
  const known = await db
    .selectFrom('statement')
    .select('leaf')
    .where('kind', '=', 'charter')
    .executeTakeFirst();
  if (known !== undefined) return;
  await statements.inTurn(async () => {
    await statements.accept(charter);
    for (const statement of founding) await statements.accept(statement);
  });
}

/** Throws `state.conflict` where the policies of this code were replaced by later ones. */
function requireNoRollback({ policies, programme }: ServerContext): void {
  const { policies: all, policy } = programme.inForce.decided.standing;
  if (policy?.digest === policies.version || !all.includes(policies.version)) return;
  throw new HandrailError(
    'state.conflict',
    'The policies of this version were replaced by later ones: start the newer version.',
  );
}
