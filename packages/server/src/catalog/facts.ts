// The book of facts: each is in the journal before it is in the database.
import type { Database } from '../storage/database.ts';
import type { Journal } from '../storage/journal.ts';
import { Turns } from '../storage/turns.ts';
import { compactFacts } from './compact-facts.ts';
import { applyFact, type Fact, factSchema } from './fact.ts';

const waitingMax = 1_000;
const sequenceFact = 'journalSequence';

export class Facts {
  readonly #db: Database;
  readonly #journal: Journal;
  readonly #turns = new Turns(waitingMax);

  constructor(db: Database, journal: Journal) {
    this.#db = db;
    this.#journal = journal;
  }

  /** Durable and applied when it returns. Throws `storage.full`, `rate.limited`. */
  record(fact: Fact): Promise<void> {
    return this.#turns.take(async () => {
      const sequence = await this.#journal.append(fact);
      await this.#apply(fact, sequence);
    });
  }

  /** Applies what the journal holds and the database lacks. Returns how many facts that were. */
  async recover(): Promise<number> {
    const row = await this.#db
      .selectFrom('fact')
      .select('value')
      .where('name', '=', sequenceFact)
      .executeTakeFirst();
    const records = await this.#journal.after(Number(row?.value ?? 0));
    for (const { sequence, value } of records) await this.#apply(factSchema.parse(value), sequence);
    return records.length;
  }

  /** Drops from the journal what says nothing any more, names of those who have left above all. */
  compact(): Promise<void> {
    return this.#turns.take(async () => {
      const rows = await this.#db
        .selectFrom('participant')
        .select('pseudonym')
        .where('state', '=', 'active')
        .execute();
      const active = new Set(rows.map(({ pseudonym }) => pseudonym));
      await this.#journal.rewrite((records) => compactFacts(records, active));
    });
  }

  async #apply(fact: Fact, sequence: number): Promise<void> {
    await this.#db.transaction().execute(async (transaction) => {
      await applyFact(transaction, fact);
      const value = String(sequence);
      await transaction
        .insertInto('fact')
        .values({ name: sequenceFact, value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
        .execute();
    });
  }
}
