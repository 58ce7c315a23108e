// The way of every statement: kept durably with its salt, committed to in the ledger, and only then
// in force. After a crash the ledger says what was accepted, and the database follows it.
import { fromBase64url, toBase64url, utf8 } from '@handrail/core/bytes';
import { canonicalBytes } from '@handrail/core/canonical-json';
import { HandrailError } from '@handrail/core/errors';
import {
  commitment,
  decodeEntry,
  encodeEntry,
  readEntries,
  saltBytes,
  tileHashReader,
  treeRoot,
} from '@handrail/core/ledger';
import {
  type Signed,
  type Statement,
  signedSchema,
  statementDigest,
  statementSchema,
} from '@handrail/core/statement';
import { z } from 'zod';
import type { Ground } from '../context.ts';
import { Turns } from '../storage/turns.ts';
import { type Application, applyStatement } from './apply/apply-statement.ts';
import { removeTrajectories } from './apply/consent.ts';
import { applyLoginStop } from './apply/programme.ts';
import { instantOf } from './instant.ts';
import type { Programme } from './programme.ts';

const waitingMax = 500;
const appliedFact = 'appliedLeaves';

const keptSchema = z.strictObject({
  salt: z.string(),
  statement: signedSchema(statementSchema),
});
export type KeptStatement = z.infer<typeof keptSchema>;

export interface Accepted {
  readonly digest: string;
  readonly index: number;
}

type StatementGround = Pick<
  Ground,
  'db' | 'objects' | 'ledger' | 'jobs' | 'randomBytes' | 'nowMs' | 'log'
>;

export class StatementLedger {
  readonly #ground: StatementGround;
  readonly #programme: Programme;
  readonly #turns = new Turns(waitingMax);

  constructor(ground: StatementGround, programme: Programme) {
    this.#ground = ground;
    this.#programme = programme;
  }

  /**
   * Runs `check` and then whatever it allows, one statement at a time, so that what was checked
   * still holds when it is applied.
   */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.take(work);
  }

  /** Accepts a checked statement; call it inside `inTurn`. */
  async accept(statement: Signed<Statement>): Promise<Accepted> {
    const { db, objects, ledger, randomBytes, nowMs } = this.#ground;
    const digest = statementDigest(statement);
    const salt = randomBytes(saltBytes);
    const name = commitment(salt, canonicalBytes(statement));
    const kept = { salt: toBase64url(salt), statement };
    await objects.put(keyOf(name), utf8(JSON.stringify(kept)));
    const at = instantOf(nowMs());
    const entry = encodeEntry({ v: 1, kind: 'statement.accepted', at, commitment: name });
    const entries = [entry, ...announcement(statement, at)];
    const { firstIndex } = await ledger.append(entries);
    await this.#apply({ leaf: firstIndex, at }, name, statement);
    await this.#setApplied(firstIndex + entries.length, db);
    await this.#programme.changed();
    this.#ground.jobs.wake();
    return { digest, index: firstIndex };
  }

  /** Stops the programme for a login; call it inside `inTurn`. Gives the leaf. */
  async stopByLogin(person: string): Promise<number> {
    const { db, ledger, randomBytes, nowMs } = this.#ground;
    const at = instantOf(nowMs());
    const stop = commitment(randomBytes(saltBytes), canonicalBytes({ person, at }));
    const entry = { v: 1, kind: 'programme.stopped-by-login', at, commitment: stop } as const;
    const { firstIndex } = await ledger.append([encodeEntry(entry)]);
    await applyLoginStop(db, firstIndex, at);
    await this.#setApplied(firstIndex + 1, db);
    await this.#programme.changed();
    return firstIndex;
  }

  /** The leaf of a statement that was accepted before. */
  async leafOf(digest: string): Promise<number | undefined> {
    const row = await this.#ground.db
      .selectFrom('statement')
      .select('leaf')
      .where('digest', '=', digest)
      .orderBy('leaf')
      .executeTakeFirst();
    return row?.leaf;
  }

  /** The statement behind a leaf, with its salt. */
  async behind(leaf: number): Promise<KeptStatement | undefined> {
    const row = await this.#ground.db
      .selectFrom('statement')
      .select('commitment')
      .where('leaf', '=', leaf)
      .executeTakeFirst();
    return row && this.#kept(row.commitment);
  }

  /** Applies what the ledger holds and the database lacks. Returns how many statements. */
  async recover(): Promise<number> {
    const { db, ledger } = this.#ground;
    const applied = await db
      .selectFrom('fact')
      .select('value')
      .where('name', '=', appliedFact)
      .executeTakeFirst();
    const size = ledger.size;
    const root = await treeRoot(tileHashReader(ledger.files, size), size);
    let recovered = 0;
    const from = Math.min(Number(applied?.value ?? 0), size);
    for await (const { index, bytes } of readEntries(ledger.files, { size, root }, from)) {
      recovered += await this.#recoverLeaf(index, bytes);
    }
    await this.#setApplied(size, db);
    await this.#programme.changed();
    return recovered;
  }

  /** Facts that were applied again after what people took back: it is removed once more. */
  async removeAgain(): Promise<void> {
    const { db } = this.#ground;
    const rows = await db
      .selectFrom('statement')
      .select('commitment')
      .where('kind', 'in', ['withdrawal', 'erasure'])
      .orderBy('leaf')
      .execute();
    for (const { commitment: name } of rows) {
      const payload = (await this.#kept(name))?.statement.payload;
      if (payload?.kind !== 'withdrawal' && payload?.kind !== 'erasure') continue;
      await removeTrajectories(db, payload);
    }
  }

  async #recoverLeaf(leaf: number, bytes: Uint8Array): Promise<0 | 1> {
    const entry = decodeEntry(bytes);
    if (entry.kind === 'programme.stopped-by-login') {
      await applyLoginStop(this.#ground.db, leaf, entry.at);
    }
    if (entry.kind !== 'statement.accepted' || entry.commitment === undefined) return 0;
    const known = await this.#ground.db
      .selectFrom('statement')
      .select('leaf')
      .where('leaf', '=', leaf)
      .executeTakeFirst();
    if (known !== undefined) return 0;
    const kept = await this.#kept(entry.commitment);
    if (kept === undefined) {
      throw new HandrailError(
        'storage.broken',
        `The statement of ledger entry ${leaf} is missing.`,
      );
    }
    await this.#apply({ leaf, at: entry.at }, entry.commitment, kept.statement);
    return 1;
  }

  async #apply(
    { leaf, at }: Pick<Application, 'leaf' | 'at'>,
    name: string,
    statement: Signed<Statement>,
  ): Promise<void> {
    const { db, jobs } = this.#ground;
    await db.transaction().execute(async (transaction) => {
      const row = {
        leaf,
        commitment: name,
        digest: statementDigest(statement),
        kind: statement.payload.kind,
        pseudonym: 'pseudonym' in statement.payload ? statement.payload.pseudonym : null,
      };
      await transaction.insertInto('statement').values(row).execute();
      await applyStatement({ transaction, jobs, leaf, at }, statement);
    });
  }

  async #kept(name: string): Promise<KeptStatement | undefined> {
    const bytes = await this.#ground.objects.get(keyOf(name));
    if (bytes === undefined) return undefined;
    const kept = keptSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    const same = commitment(fromBase64url(kept.salt), canonicalBytes(kept.statement)) === name;
    if (same) return kept;
    throw new HandrailError('storage.broken', 'A kept statement is not what the ledger says.');
  }

  async #setApplied(leaves: number, db: Ground['db']): Promise<void> {
    const value = String(leaves);
    await db
      .insertInto('fact')
      .values({ name: appliedFact, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
  }
}

/** What everybody is to see beside a statement; with its random id its digest tells nothing. */
function announcement({ payload }: Signed<Statement>, at: string): readonly Uint8Array[] {
  if (payload.kind !== 'incident-opened' && payload.kind !== 'incident-closed') return [];
  const kind = payload.kind === 'incident-opened' ? 'incident.opened' : 'incident.closed';
  const digest = statementDigest({ payload, signatures: [] });
  return [encodeEntry({ v: 1, kind, at, digest })];
}

// A commitment may begin with a dash, which no key may.
function keyOf(name: string): string {
  return `statements/c${name}`;
}
