// Everything a request may need, built once per process. There is no other way to a clock, to
// randomness, to storage or to the programme.
import type { Charter, Signed, Statement } from '@handrail/core/statement';
import type { Policies } from '@handrail/policy/bundle';
import type { Logger } from 'pino';
import type { Facts } from './catalog/facts.ts';
import type { ServerConfig } from './config.ts';
import type { DecisionBook } from './governance/decision-book.ts';
import type { Leases } from './governance/leases.ts';
import type { Programme } from './governance/programme.ts';
import type { StatementLedger } from './governance/statement-ledger.ts';
import type { SegmentIntake } from './intake/segment-intake.ts';
import type { JobQueue } from './jobs/job-queue.ts';
import type { LedgerLog } from './ledger/ledger-log.ts';
import type { ReadingRelay } from './reading/relay.ts';
import type { Database } from './storage/database.ts';
import type { Journal } from './storage/journal.ts';
import type { ObjectStore } from './storage/object-store.ts';
import type { Room } from './storage/room.ts';

export interface Clock {
  /** Unix milliseconds. */
  readonly nowMs: () => number;
}

/** What stands before the parts that need each other. */
export interface Ground extends Clock {
  readonly config: ServerConfig;
  readonly charter: Signed<Charter>;
  readonly notice: string;
  readonly fingerprint: string;
  readonly founding: readonly Signed<Statement>[];
  readonly policies: Policies;
  readonly randomBytes: (length: number) => Uint8Array;
  readonly log: Logger;
  readonly db: Database;
  readonly objects: ObjectStore;
  readonly ledger: LedgerLog;
  readonly jobs: JobQueue;
  readonly journal: Journal;
  readonly room: Room;
  /** Resolves, with why, once the database can do nothing any more. */
  readonly databaseLost: Promise<Error>;
}

/** Charter, notice and fingerprint are those in force, whatever amendments there were. */
export interface ServerContext extends Ground {
  readonly programme: Programme;
  readonly statements: StatementLedger;
  readonly facts: Facts;
  readonly intake: SegmentIntake;
  readonly leases: Leases;
  readonly decisions: DecisionBook;
  readonly readings: ReadingRelay;
}
