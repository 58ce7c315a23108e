// When consecutive segments since the last closing one are all there, or are known never to come,
// the vault is asked to refine them. Many sessions are looked at together, off the acknowledging path.
import { sql } from 'kysely';
import type { Ground } from '../context.ts';
import { isRefusal } from './check-segment.ts';
import { cutSession, type Place } from './cut-session.ts';

const sessionsPerPassMax = 200;
const segmentsPerSessionMax = 2_000;
const jobsPerPassMax = 1_000;

export interface SessionName {
  readonly pseudonym: string;
  readonly session: string;
}

interface SessionFacts extends SessionName {
  readonly nextSequence: number;
  readonly ended: boolean;
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
    this.#touched.set(`${pseudonym}/${session}`, { pseudonym, session });
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
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#touched.size > 0 && !this.#stopped) {
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
    const sessions = await this.#sessions(names);
    for (const facts of sessions) await this.#planSession(facts);
    this.#ground.jobs.wake();
  }

  async #planSession(facts: SessionFacts): Promise<void> {
    const places = await this.#places(facts);
    const { groups, nextSequence } = cutSession(facts.nextSequence, facts.ended, places);
    if (nextSequence === facts.nextSequence) return;
    const { pseudonym, session } = facts;
    const { db, jobs } = this.#ground;
    await db.transaction().execute(async (transaction) => {
      const wanted = groups.slice(0, jobsPerPassMax).map(({ consentEpoch, segments }) => ({
        job: { kind: 'refine' as const, pseudonym, session, consentEpoch, segments: [...segments] },
      }));
      const ids = await jobs.enqueue(transaction, wanted);
      for (const [at, id] of ids.entries()) {
        const segments = wanted[at]?.job.segments ?? [];
        await transaction
          .updateTable('segment')
          .set({ job: id })
          .where('id', 'in', segments)
          .execute();
      }
      await transaction
        .insertInto('session')
        .values({ pseudonym, session, next_sequence: nextSequence, ended: facts.ended })
        .onConflict((conflict) =>
          conflict.columns(['pseudonym', 'session']).doUpdateSet({ next_sequence: nextSequence }),
        )
        .execute();
    });
  }

  async #sessions(names: readonly SessionName[]): Promise<readonly SessionFacts[]> {
    const pairs = names.map(({ pseudonym, session }) => sql`(${pseudonym}, ${session})`);
    const rows = await this.#ground.db
      .selectFrom('session')
      .selectAll()
      .where(sql<boolean>`(pseudonym, session) in (${sql.join(pairs)})`)
      .execute();
    const known = new Map(rows.map((row) => [`${row.pseudonym}/${row.session}`, row]));
    return names.map(({ pseudonym, session }) => {
      const row = known.get(`${pseudonym}/${session}`);
      const nextSequence = row?.next_sequence ?? 0;
      return { pseudonym, session, nextSequence, ended: row?.ended ?? false };
    });
  }

  /** What is known of the sequences from the next one on, in order. */
  async #places({ pseudonym, session, nextSequence }: SessionFacts): Promise<readonly Place[]> {
    const { db } = this.#ground;
    const segments = await db
      .selectFrom('segment')
      .select(['id', 'sequence', 'closes', 'state', 'reason', 'consent_epoch'])
      .where('pseudonym', '=', pseudonym)
      .where('session', '=', session)
      .where('sequence', '>=', nextSequence)
      .orderBy('sequence')
      .limit(segmentsPerSessionMax)
      .execute();
    const forgotten = await db
      .selectFrom('forgotten')
      .select('sequence')
      .where('pseudonym', '=', pseudonym)
      .where('session', '=', session)
      .where('sequence', '>=', nextSequence)
      .execute();
    const never = forgotten.map(({ sequence }): Place => ({ kind: 'never', sequence }));
    const there = segments.map((row): Place => {
      const { sequence, id, closes, consent_epoch: consentEpoch } = row;
      const gone = row.state === 'rejected' || isRefusal(row.reason);
      return gone
        ? { kind: 'never', sequence }
        : { kind: 'segment', sequence, id, closes, consentEpoch };
    });
    return [...never, ...there].sort((a, b) => a.sequence - b.sequence);
  }
}
