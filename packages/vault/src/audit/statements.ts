// Follows every statement of a ledger as the keeper does, and tells which of them were not made by
// those who may. The first statement is the charter that all others are judged by.
import type { LedgerEntry } from '@handrail/core/ledger';
import {
  type Charter,
  type Signed,
  type Statement,
  signedSchema,
  signersOf,
  statementDigest,
  statementSchema,
} from '@handrail/core/statement';
import { decidingKeys } from '../keeper/ledger/charter.ts';
import { noFloors } from '../keeper/ledger/epoch-floors.ts';
import { statementCommitment } from '../keeper/ledger/statements.ts';
import { stopByLogin } from '../keeper/state/programme.ts';
import { applyStatement, emptyState, type LedgerState } from '../keeper/state/state.ts';
import type { Finding, Given } from './finding.ts';

const signedStatement = signedSchema(statementSchema);

export class StatementAudit {
  readonly #carried: string;
  #state: LedgerState | undefined;
  #reachedMs = 0;
  #last = 0;
  count = 0;

  constructor(carried: string) {
    this.#carried = carried;
  }

  /** Digests of all policies that were decided on so far. */
  get inForce(): readonly string[] {
    return this.#state?.standing.policies ?? [];
  }

  async take(index: number, entry: LedgerEntry, given: Given | undefined): Promise<Finding[]> {
    const atMs = Date.parse(entry.at);
    this.#reachedMs = Math.max(this.#reachedMs, atMs);
    this.#last = index;
    if (entry.kind === 'programme.stopped-by-login' && this.#state)
      stopByLogin(this.#state, this.#reachedMs);
    if (entry.kind !== 'statement.accepted') return [];
    this.count += 1;
    const read = readStatement(entry, given);
    if (typeof read === 'string') return [{ kind: read, index }];
    const { payload } = read;
    const keys = await signersOf(read);
    const made = { keys, index, atMs, reachedMs: this.#reachedMs };
    const may = this.#stateUnder(payload, keys);
    if (may !== undefined && applyStatement(may, payload, made)) return [];
    return [{ kind: 'not-signed-by-those-who-may', index, what: payload.kind }];
  }

  /** Whether all of it leads to this charter. */
  endsIn(charter: Charter): Finding[] {
    const reached = this.#state?.charter;
    if (reached !== undefined && digestOf(reached) === digestOf(charter)) return [];
    return [{ kind: 'another-charter', index: this.#last }];
  }

  /** The first charter counts with the signature of one of its own deciders. */
  #stateUnder(statement: Statement, keys: ReadonlySet<string>): LedgerState | undefined {
    if (this.#state !== undefined) return this.#state;
    if (statement.kind !== 'charter' || decidingKeys(statement, keys).size === 0) return undefined;
    this.#state = emptyState(statement, noFloors, this.#carried);
    return this.#state;
  }
}

function readStatement(
  { commitment }: LedgerEntry,
  given: Given | undefined,
): Signed<Statement> | Finding['kind'] {
  if (given === undefined) return 'withheld';
  const parsed = signedStatement.safeParse(given.payload);
  if (!parsed.success) return 'unreadable';
  const statement = parsed.data as Signed<Statement>;
  return statementCommitment({ salt: given.salt, statement }) === commitment
    ? statement
    : 'not-committed-to';
}

function digestOf(payload: Charter): string {
  return statementDigest({ payload, signatures: [] });
}
