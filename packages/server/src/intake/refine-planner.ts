// When consecutive segments since the last closing one are all there, or are known never to come,
// the vault is asked to refine them. Many sessions are looked at together, after acknowledging.
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Ground } from '../context.ts';
import { cutSession, type Group } from './cut-session.ts';
import { placesOf, placesPerSessionMax, type SessionName } from './session-places.ts';

const pauseMs = 50;
const sessionsPerPassMax = 200;
const sessionsPerTransactionMax = 50;
const jobsPerInsertMax = 500;

interface SessionPlan extends SessionName {
  readonly nextSequence: number;
  readonly ended: boolean;
  readonly groups: readonly Group[];
}

export class RefinePlanner implements AsyncDisposable {
  readonly #ground: Ground;
  readonly #touched = new Map<string, SessionName>();
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  /** Says that something of a session has changed. */
  touched({ pseudonym, session }: SessionName): void {
    this.#touched.set(keyOf({ pseudonym, session }), { pseudonym, session });
    this.#running ??= this.#run();
  }

  /** Waits until everything touched so far has been looked at. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** Looks at every session that may have something to refine: at start-up. */
  async recover(): Promise<void> {
    const open = await this.#ground.db
      .selectFrom('segment')
      .select(['pseudonym', 'session'])
      .distinct()
      .where('job', 'is', null)
      .where('state', '=', 'accepted')
      .execute();
    for (const name of open) this.touched(name);
    await this.settled();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#touched.size > 0 && !this.#stopped) {
      // Under load many segments of a session come within this pause, and are planned together.
      await delay(pauseMs);
      const names = [...this.#touched].slice(0, sessionsPerPassMax);
      for (const [key] of names) this.#touched.delete(key);
      try {
        await this.#plan(names.map(([, name]) => name));
      } catch (error) {
        // Nothing is lost: the next segment, or the next start, looks again.
        this.#ground.log.error({ error: String(error) }, 'planning refinement failed');
      }
    }
    this.#running = undefined;
  }

  async #plan(names: readonly SessionName[]): Promise<void> {
    const { db } = this.#ground;
    const plans: SessionPlan[] = [];
    const places = await placesOf(db, names);
    for (const { name, nextSequence, ended, known } of places) {
      const cut = cutSession(nextSequence, ended, known);
      if (cut.nextSequence === nextSequence) continue;
      plans.push({ ...name, ended, groups: cut.groups, nextSequence: cut.nextSequence });
      // A long backlog is read in pieces.
      if (known.length >= placesPerSessionMax) this.#touched.set(keyOf(name), name);
    }
    for (let at = 0; at < plans.length; at += sessionsPerTransactionMax) {
      await this.#carryOut(plans.slice(at, at + sessionsPerTransactionMax));
    }
    this.#ground.jobs.wake();
  }

  async #carryOut(plans: readonly SessionPlan[]): Promise<void> {
    const { db, jobs } = this.#ground;
    const wanted = plans.flatMap(({ pseudonym, session, groups }) =>
      groups.map(({ consentEpoch, segments }) => ({
        kind: 'refine' as const,
        pseudonym,
        session,
        consentEpoch,
        segments: [...segments],
      })),
    );
    await db.transaction().execute(async (transaction) => {
      for (let at = 0; at < wanted.length; at += jobsPerInsertMax) {
        const some = wanted.slice(at, at + jobsPerInsertMax);
        const ids = await jobs.enqueue(
          transaction,
          some.map((job) => ({ job })),
        );
        const pairs = some.flatMap(({ segments }, which) =>
          segments.map((id) => ({ id, job: ids[which] })),
        );
        await sql`update segment set job = planned.job
          from json_to_recordset(${JSON.stringify(pairs)}::text::json)
            as planned (id text, job text)
          where segment.id = planned.id`.execute(transaction);
      }
      await transaction
        .insertInto('session')
        .values(
          plans.map(({ pseudonym, session, ended, nextSequence }) => ({
            pseudonym,
            session,
            ended,
            next_sequence: nextSequence,
          })),
        )
        .onConflict((conflict) =>
          conflict
            .columns(['pseudonym', 'session'])
            .doUpdateSet((set) => ({ next_sequence: set.ref('excluded.next_sequence') })),
        )
        .execute();
    });
  }
}

function keyOf({ pseudonym, session }: SessionName): string {
  return `${pseudonym}/${session}`;
}
