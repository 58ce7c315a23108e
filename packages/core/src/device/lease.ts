// The leave to capture: a lease of some minutes, refreshed in time. Whatever goes wrong, the lease
// runs out by itself and capture stops. A server may give less than was asked for, never more.
import { type ErrorCode, HandrailError } from '../errors/index.ts';
import { type ClientContext, call, deviceRoutes, type Lease } from '../wire/index.ts';

export const refreshSeconds = 20;
/** No lease counts for longer: whoever is cut off from a halt stops by then. */
export const leaseMinutesMax = 15;

export type LeaseState =
  | { readonly kind: 'live'; readonly lease: Lease }
  | { readonly kind: 'none'; readonly because: ErrorCode };

export interface LeaseWish {
  readonly consentEpoch: number;
  readonly manifest: string;
}

export class LeaseHolder {
  readonly wish: LeaseWish;
  readonly #client: ClientContext;
  #state: LeaseState = { kind: 'none', because: 'lease.stale' };
  #fromMs = 0;
  #untilMs = 0;
  #programmeEpoch: number;

  /** `programmeEpoch` is the highest that this device has seen. */
  constructor(client: ClientContext, wish: LeaseWish, programmeEpoch = 1) {
    this.#client = client;
    this.wish = wish;
    this.#programmeEpoch = programmeEpoch;
  }

  /** The programme epoch of the last lease, also when that has run out. */
  get programmeEpoch(): number {
    return this.#programmeEpoch;
  }

  /**
   * Asks again; a server that cannot be reached leaves the present lease to run out. A higher epoch
   * than before counts only where it is `resumedEpoch`, which the charter's persons have signed.
   */
  async refresh(resumedEpoch: number): Promise<LeaseState> {
    try {
      const lease = await call(this.#client, deviceRoutes.lease, { body: { ...this.wish } });
      this.#take(lease, resumedEpoch);
    } catch (cause) {
      const because = cause instanceof HandrailError ? cause.code : 'internal';
      const cutOff = because === 'unreachable' || because === 'timeout';
      if (!cutOff || this.#state.kind === 'none') this.#state = { kind: 'none', because };
    }
    return this.at(this.#client.nowMs());
  }

  /** The lease as it stands at `nowMs`: expired is none, and so is one from the future. */
  at(nowMs: number): LeaseState {
    const isOver = nowMs >= this.#untilMs || nowMs < this.#fromMs;
    if (this.#state.kind === 'live' && isOver) {
      this.#state = { kind: 'none', because: 'lease.stale' };
    }
    return this.#state;
  }

  #take(lease: Lease, resumedEpoch: number): void {
    const { consentEpoch, manifest } = this.wish;
    const isAsked = lease.consentEpoch === consentEpoch && lease.manifest === manifest;
    const isAgreed = [this.#programmeEpoch, resumedEpoch].includes(lease.programmeEpoch);
    if (!isAsked || !isAgreed || lease.programmeEpoch < this.#programmeEpoch) {
      this.#state = { kind: 'none', because: 'lease.stale' };
      return;
    }
    const nowMs = this.#client.nowMs();
    this.#programmeEpoch = lease.programmeEpoch;
    this.#fromMs = nowMs - clockSlackMs;
    this.#untilMs = Math.min(Date.parse(lease.expiresAt), nowMs + leaseMinutesMax * 60_000);
    this.#state = { kind: 'live', lease };
  }
}

/** A clock that is set back further than this ends the lease instead of lengthening it. */
const clockSlackMs = 60_000;
