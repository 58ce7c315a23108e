// Follows every leaf of the ledger. A statement whose payload is withheld, or is not what its leaf
// committed to, stops everything: nobody can know whom it concerned.
import { fromBase64url } from '@handrail/core/bytes';
import { canonicalBytes } from '@handrail/core/canonical-json';
import { HandrailError } from '@handrail/core/errors';
import {
  type Checkpoint,
  commitment,
  decodeEntry,
  type LedgerReader,
  readEntries,
  saltBytes,
} from '@handrail/core/ledger';
import {
  type Charter,
  type Signed,
  type Statement,
  signedSchema,
  signersOf,
  statementSchema,
} from '@handrail/core/statement';
import { stopByLogin } from '../state/programme.ts';
import { applyStatement, emptyState, floorsOf, type LedgerState } from '../state/state.ts';
import { keepInForce, readInForce } from './charter.ts';
import { raised, readFloors, sameFloors, writeFloors } from './epoch-floors.ts';

export interface StatementPayload {
  /** base64url of 32 bytes. */
  readonly salt: string;
  readonly statement: Signed<unknown>;
}

/** Gets the payload behind leaf number `index`. */
export type StatementSource = (index: number) => Promise<StatementPayload>;

const signedStatement = signedSchema(statementSchema);

/** What a leaf commits to: canonical bytes of the whole signed statement. */
export function statementCommitment({ salt, statement }: StatementPayload): string | undefined {
  const bytes = fromBase64url(salt);
  if (bytes.length !== saltBytes) return undefined;
  return commitment(bytes, canonicalBytes(statement));
}

export class Statements {
  readonly #folder: string;
  readonly #source: StatementSource;
  readonly #state: LedgerState;
  #inForce: Charter;
  #size = 0;
  #reachedMs = 0;
  #unauthorised = 0;

  private constructor(
    folder: string,
    source: StatementSource,
    state: LedgerState,
    inForce: Charter,
  ) {
    this.#folder = folder;
    this.#source = source;
    this.#state = state;
    this.#inForce = inForce;
  }

  /** Starts at leaf 0, with the floors that were kept in `folder`; `carried`: see `emptyState`. */
  static async open(
    folder: string,
    charter: Charter,
    source: StatementSource,
    carried: string,
  ): Promise<Statements> {
    const state = emptyState(charter, await readFloors(folder), carried);
    const inForce = (await readInForce(folder)) ?? charter;
    return new Statements(folder, source, state, inForce);
  }

  /** The newest charter that was ever in force, also before the ledger has been read again. */
  get charter(): Charter {
    return this.#inForce;
  }

  /** Statements that stood in the ledger without the signatures that they need. */
  get unauthorised(): number {
    return this.#unauthorised;
  }

  /** X25519, base64url, as far as the ledger was followed; undefined for whom it does not know. */
  readingKeyOf(pseudonym: string): string | undefined {
    return this.#state.participants.get(pseudonym)?.readingKey;
  }

  /**
   * The state after every leaf of `checkpoint`. Throws `ledger.unverified` when a leaf cannot be
   * resolved; the floors that were learnt until then are kept.
   */
  async upTo(reader: LedgerReader, checkpoint: Checkpoint): Promise<LedgerState> {
    const before = await readFloors(this.#folder);
    try {
      for await (const { index, bytes } of readEntries(reader, checkpoint, this.#size)) {
        await this.#take(index, bytes);
        this.#size = index + 1;
      }
    } finally {
      const after = raised(before, floorsOf(this.#state));
      if (!sameFloors(before, after)) await writeFloors(this.#folder, after);
      await this.#keepCharter();
    }
    return this.#state;
  }

  async #keepCharter(): Promise<void> {
    const { charter } = this.#state;
    if (charter.number <= this.#inForce.number) return;
    await keepInForce(this.#folder, charter);
    this.#inForce = charter;
  }

  async #take(index: number, bytes: Uint8Array): Promise<void> {
    const entry = decodeEntry(bytes);
    const atMs = Date.parse(entry.at);
    this.#reachedMs = Math.max(this.#reachedMs, atMs);
    if (entry.kind === 'programme.stopped-by-login') stopByLogin(this.#state, this.#reachedMs);
    if (entry.kind !== 'statement.accepted') return;
    const statement = await this.#resolve(index, entry.commitment);
    const made = { keys: await signersOf(statement), index, atMs, reachedMs: this.#reachedMs };
    if (!applyStatement(this.#state, statement.payload, made)) this.#unauthorised += 1;
  }

  async #resolve(index: number, committed: string | undefined): Promise<Signed<Statement>> {
    const payload = await this.#source(index).catch((cause: unknown) => {
      throw unresolved(index, 'withheld', cause);
    });
    if (committed === undefined || statementCommitment(payload) !== committed) {
      throw unresolved(index, 'not the one committed to');
    }
    const parsed = signedStatement.safeParse(payload.statement);
    if (!parsed.success) throw unresolved(index, 'of an unknown form');
    return parsed.data as Signed<Statement>;
  }
}

function unresolved(index: number, what: string, cause?: unknown): HandrailError {
  const message = `The statement behind ledger leaf ${index} is ${what}: nothing opens.`;
  return new HandrailError('ledger.unverified', message, { cause });
}
