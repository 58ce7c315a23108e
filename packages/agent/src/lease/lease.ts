// The leave to capture: a lease of some minutes, refreshed in time. Whatever goes wrong, the lease
// runs out by itself and capture stops.
import { type ErrorCode, HandrailError } from '@handrail/core/errors';
import { type ClientContext, call, deviceRoutes, type Lease } from '@handrail/core/wire';

export const refreshSeconds = 20;

export type LeaseState =
  | { readonly kind: 'live'; readonly lease: Lease }
  | { readonly kind: 'none'; readonly because: ErrorCode };

export class LeaseHolder {
  readonly #client: ClientContext;
  readonly #wish: { readonly consentEpoch: number; readonly manifest: string };
  #state: LeaseState = { kind: 'none', because: 'lease.stale' };

  constructor(
    client: ClientContext,
    wish: { readonly consentEpoch: number; readonly manifest: string },
  ) {
    this.#client = client;
    this.#wish = wish;
  }

  /** Asks again; a server that cannot be reached leaves the present lease to run out. */
  async refresh(): Promise<LeaseState> {
    try {
      const lease = await call(this.#client, deviceRoutes.lease, { body: { ...this.#wish } });
      this.#state = { kind: 'live', lease };
    } catch (cause) {
      const because = cause instanceof HandrailError ? cause.code : 'internal';
      const cutOff = because === 'unreachable' || because === 'timeout';
      if (!cutOff || this.#state.kind === 'none') this.#state = { kind: 'none', because };
    }
    return this.at(this.#client.nowMs());
  }

  /** The lease as it stands at `nowMs`: expired is none. */
  at(nowMs: number): LeaseState {
    if (this.#state.kind === 'live' && Date.parse(this.#state.lease.expiresAt) <= nowMs) {
      this.#state = { kind: 'none', because: 'lease.stale' };
    }
    return this.#state;
  }
}
