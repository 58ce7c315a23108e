// What was decided about the programme, followed from its first charter: the same rules as in the
// vault, over the same statements in the same order.
import {
  type Charter,
  charterInForce,
  judge,
  newStanding,
  type ProgrammeStanding,
  programmeFingerprint,
  type Signed,
  signedSchema,
  signersOf,
} from '@handrail/core/statement';
import { decisionSchema } from '@handrail/core/wire';
import type { z } from 'zod';
import type { Database } from '../storage/database.ts';

export const signedDecision = signedSchema(decisionSchema);
export type SignedDecision = z.infer<typeof signedDecision>;

export interface Decided {
  readonly standing: ProgrammeStanding;
  /** In order of their numbers. */
  readonly charters: readonly Signed<Charter>[];
}

export class Charters {
  readonly #vaultKey: string;
  readonly #first: Signed<Charter>;
  #decided: Decided | undefined;
  #nextLeaf = 0;

  /** `first` counts until a charter stands in the ledger. */
  constructor(first: Signed<Charter>, vaultKey: string) {
    this.#first = first;
    this.#vaultKey = vaultKey;
  }

  get decided(): Decided {
    return this.#decided ?? { standing: newStanding(this.#first.payload), charters: [this.#first] };
  }

  get inForce(): Signed<Charter> {
    const { charters } = this.decided;
    return charters[charters.length - 1] ?? this.#first;
  }

  get fingerprint(): string {
    return programmeFingerprint(this.#vaultKey, this.inForce.payload);
  }

  /** The charter that a participant agreed to. */
  agreed(fingerprint: string | null): Charter | undefined {
    const agreed = this.decided.charters.find(({ payload }) => {
      return programmeFingerprint(this.#vaultKey, payload) === fingerprint;
    });
    return agreed?.payload;
  }

  /** Follows what has come into the database since. */
  async follow(db: Database): Promise<void> {
    const rows = await db
      .selectFrom('programme_decision')
      .selectAll()
      .where('leaf', '>=', this.#nextLeaf)
      .orderBy('leaf')
      .execute();
    for (const { leaf, at, statement } of rows) {
      await this.#take(signedDecision.parse(JSON.parse(statement)), Date.parse(at));
      this.#nextLeaf = leaf + 1;
    }
  }

  async #take(statement: SignedDecision, atMs: number): Promise<void> {
    const { payload, signatures } = statement;
    if (this.#decided === undefined && payload.kind === 'charter') {
      this.#decided = { standing: newStanding(payload), charters: [{ payload, signatures }] };
      return;
    }
    const before = this.decided;
    const judged = judge(before.standing, payload, await signersOf(statement), atMs);
    if (judged.kind === 'refused') return;
    const { standing } = judged;
    const isNew = payload.kind === 'charter' && charterInForce(standing).number === payload.number;
    const charters = isNew ? [...before.charters, { payload, signatures }] : before.charters;
    this.#decided = { standing, charters };
  }
}
