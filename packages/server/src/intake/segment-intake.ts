// The one way in for segments: checked, durable, in the ledger, and only then acknowledged. The
// same segment again gets the same answer.
import type { SealedSegment } from '@handrail/core/segment';
import type { Ground } from '../context.ts';
import { dayOf } from '../governance/instant.ts';
import type { Programme } from '../governance/programme.ts';
import type { NewSegment, ParticipantRow, SegmentState } from '../storage/tables.ts';
import {
  isRefusal,
  type Refusal,
  readAuthentic,
  refusalError,
  refusalOf,
} from './check-segment.ts';
import { RefinePlanner } from './refine-planner.ts';
import { SegmentBatches } from './segment-batch.ts';

export class SegmentIntake implements AsyncDisposable {
  readonly planner: RefinePlanner;
  readonly #ground: Ground;
  readonly #programme: Programme;
  readonly #batches: SegmentBatches;
  readonly #inFlight = new Map<string, Promise<SegmentState>>();

  constructor(ground: Ground, programme: Programme) {
    this.#ground = ground;
    this.#programme = programme;
    this.#batches = new SegmentBatches(ground);
    this.planner = new RefinePlanner(ground);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#inFlight.values());
    await this.#batches[Symbol.asyncDispose]();
    await this.planner[Symbol.asyncDispose]();
  }

  /** Takes one segment in. Throws the error that says why it is not taken. */
  async put(participant: ParticipantRow, id: string, bytes: Uint8Array): Promise<SegmentState> {
    const { charter } = this.#ground;
    const segment = await readAuthentic(charter.payload, participant, id, bytes).catch(
      async (error: unknown) => {
        await this.#count('not-authentic');
        throw error;
      },
    );
    await this.#ground.room.requireSpare();
    const running = this.#inFlight.get(segment.id);
    if (running) return running;
    const taking = this.#take(participant, segment, bytes).finally(() => {
      this.#inFlight.delete(segment.id);
    });
    this.#inFlight.set(segment.id, taking);
    return taking;
  }

  /** Lists a stored segment again that the database has lost. False: its place is taken. */
  async relink(segment: SealedSegment, bytes: number): Promise<boolean> {
    const outcome = await this.#batches.add(rowOf(segment, bytes, 'accepted', null));
    return outcome === 'accepted';
  }

  async #take(
    participant: ParticipantRow,
    segment: SealedSegment,
    bytes: Uint8Array,
  ): Promise<SegmentState> {
    const refusal = await refusalOf(this.#programme, participant, segment);
    if (refusal !== undefined) return this.#answered(segment, refusal, bytes.length);
    const put = await this.#ground.objects.put(`segments/${segment.id}`, bytes);
    if (put === 'exists') {
      const known = await this.#known(segment.id);
      if (known?.acknowledged) return stateOrThrow(known);
    }
    const row = rowOf(segment, bytes.length, 'accepted', null);
    const outcome = await this.#batches.add(row);
    if (outcome === 'sequence') {
      await this.#ground.objects.delete(`segments/${segment.id}`);
      await this.#count('sequence');
      throw refusalError('sequence');
    }
    this.planner.touched(row);
    return 'accepted';
  }

  /** A refused segment that was accepted before stays accepted: only the first answer counts. */
  async #answered(segment: SealedSegment, refusal: Refusal, bytes: number): Promise<SegmentState> {
    const known = await this.#known(segment.id);
    if (known?.acknowledged) return stateOrThrow(known);
    const row = rowOf(segment, bytes, 'rejected', refusal);
    await this.#ground.db
      .insertInto('segment')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await this.#count(refusal);
    this.planner.touched(row);
    throw refusalError(refusal);
  }

  async #known(id: string) {
    const row = await this.#ground.db
      .selectFrom('segment')
      .leftJoin('intake_batch', 'intake_batch.batch', 'segment.batch')
      .select(['segment.state', 'segment.reason', 'intake_batch.leaf'])
      .where('segment.id', '=', id)
      .executeTakeFirst();
    return row && { ...row, acknowledged: row.leaf !== null || row.state === 'rejected' };
  }

  async #count(reason: string): Promise<void> {
    await this.#ground.db
      .insertInto('refusal')
      .values({ day: dayOf(this.#ground.nowMs()), reason, count: 1 })
      .onConflict((conflict) =>
        conflict
          .columns(['day', 'reason'])
          .doUpdateSet((set) => ({ count: set('refusal.count', '+', 1) })),
      )
      .execute();
  }
}

function stateOrThrow(known: { state: SegmentState; reason: string | null }): SegmentState {
  if (known.state === 'rejected' && isRefusal(known.reason)) throw refusalError(known.reason);
  return known.state;
}

/** No time of arrival is kept: the key's UTC day is the finest. */
function rowOf(
  { id, header }: SealedSegment,
  bytes: number,
  state: SegmentState,
  reason: string | null,
): NewSegment {
  return {
    id,
    pseudonym: header.pseudonym,
    session: header.session,
    sequence: header.sequence,
    closes: header.closes,
    consent_epoch: header.consentEpoch,
    day: header.day,
    bytes,
    state,
    reason,
  };
}
