// Segments that come in together share one leaf of the ledger and one write to the database. None
// is acknowledged before its leaf is durable.
import { toBase64url } from '@handrail/core/bytes';
import { canonicalBytes } from '@handrail/core/canonical-json';
import { HandrailError } from '@handrail/core/errors';
import { commitment, encodeEntry, saltBytes } from '@handrail/core/ledger';
import type { Ground } from '../context.ts';
import { instantOf } from '../governance/instant.ts';
import type { NewSegment } from '../storage/tables.ts';
import { placeSegments } from './place-segments.ts';

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
    const batch = this.#take();
    if (batch.length === 0) return;
    try {
      const placed = await this.#store(batch.map(({ row }) => row));
      for (const { row, resolve } of batch) resolve(placed.has(row.id) ? 'accepted' : 'sequence');
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  /** Two for one place are for two batches: one statement may give a place only once. */
  #take(): readonly Waiting[] {
    const batch = new Map<string, Waiting>();
    const later: Waiting[] = [];
    for (const one of this.#waiting) {
      const { pseudonym, session, sequence } = one.row;
      const place = `${pseudonym}/${session}/${sequence}`;
      if (batch.size < batchSegmentsMax && !batch.has(place)) batch.set(place, one);
      else later.push(one);
    }
    this.#waiting = later;
    return [...batch.values()];
  }

  /** The ids that have their place in their sessions. */
  async #store(rows: readonly NewSegment[]): Promise<ReadonlySet<string>> {
    const { db, ledger, randomBytes, nowMs } = this.#ground;
    const batch = toBase64url(randomBytes(16));
    const ids = (await placeSegments(db, batch, rows)).toSorted();
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
