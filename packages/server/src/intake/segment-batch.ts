// Segments that come in together share one leaf of the ledger and one write to the database. None
// is acknowledged before its leaf is durable.
import { toBase64url } from '@handrail/core/bytes';
import { canonicalBytes } from '@handrail/core/canonical-json';
import { HandrailError } from '@handrail/core/errors';
import { commitment, encodeEntry, saltBytes } from '@handrail/core/ledger';
import type { Ground } from '../context.ts';
import { instantOf } from '../governance/instant.ts';
import type { NewSegment } from '../storage/tables.ts';

const batchSegmentsMax = 256;
const waitingMax = 4_096;
/** While one batch waits for its leaf, the next may go to the database. */
const batchesInFlightMax = 2;

export type BatchOutcome = 'accepted' | 'sequence';

interface Waiting {
  readonly row: NewSegment;
  readonly resolve: (outcome: BatchOutcome) => void;
  readonly reject: (error: unknown) => void;
}

type BatchGround = Pick<Ground, 'db' | 'ledger' | 'randomBytes' | 'nowMs'>;

export class SegmentBatches implements AsyncDisposable {
  readonly #ground: BatchGround;
  #waiting: Waiting[] = [];
  readonly #running = new Set<Promise<void>>();

  constructor(ground: BatchGround) {
    this.#ground = ground;
  }

  /** Throws `rate.limited` when too many wait. */
  add(row: NewSegment): Promise<BatchOutcome> {
    if (this.#waiting.length >= waitingMax) {
      const busy = new HandrailError('rate.limited', 'Intake is busy: try again in some seconds.');
      return Promise.reject(busy);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ row, resolve, reject });
      this.#start();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#running);
  }

  #start(): void {
    if (this.#running.size >= batchesInFlightMax) return;
    const running = this.#run().finally(() => {
      this.#running.delete(running);
      if (this.#waiting.length > 0) this.#start();
    });
    this.#running.add(running);
  }

  async #run(): Promise<void> {
    // Whatever else has come in this turn of the loop comes along.
    await new Promise((resolve) => setImmediate(resolve));
    const batch = this.#waiting.splice(0, batchSegmentsMax);
    if (batch.length === 0) return;
    try {
      const placed = await this.#store(batch.map(({ row }) => row));
      for (const { row, resolve } of batch) resolve(placed.has(row.id) ? 'accepted' : 'sequence');
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  /** The ids that have their place in their sessions. */
  async #store(rows: readonly NewSegment[]): Promise<ReadonlySet<string>> {
    const { db, ledger, randomBytes, nowMs } = this.#ground;
    const batch = toBase64url(randomBytes(16));
    const byId = new Map(rows.map((row) => [row.id, { ...row, batch }]));
    const placed = await db
      .insertInto('segment')
      .values([...byId.values()])
      .onConflict((conflict) =>
        // The same segment again, because its first batch found no leaf.
        conflict
          .columns(['pseudonym', 'session', 'sequence'])
          .doUpdateSet({ batch })
          .whereRef('segment.id', '=', 'excluded.id'),
      )
      .returning('id')
      .execute();
    const ids = placed.map(({ id }) => id).sort();
    if (ids.length === 0) return new Set();
    const salt = randomBytes(saltBytes);
    const entry = encodeEntry({
      v: 1,
      kind: 'segments.accepted',
      at: instantOf(nowMs()),
      commitment: commitment(salt, canonicalBytes({ segments: ids })),
      count: ids.length,
    });
    const { firstIndex } = await ledger.append([entry]);
    await db
      .insertInto('intake_batch')
      .values({ batch, leaf: firstIndex, salt: toBase64url(salt) })
      .execute();
    return new Set(ids);
  }
}
