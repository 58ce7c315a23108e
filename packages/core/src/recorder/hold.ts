// Observations wait here until what was focused when they happened is surely known. They leave in
// the order in which they happened.
import type { Observation } from '../observation/index.ts';

/** The focus is known about 1 ms after a click; no key leaked at 60 ms and more. */
export const holdMs = 150;
export const heldMax = 50_000;

export class Hold {
  #held: Observation[] = [];

  get size(): number {
    return this.#held.length;
  }

  /** False when the hold is full: the observation is lost and must be counted. */
  add(observation: Observation): boolean {
    if (this.#held.length >= heldMax) return false;
    let at = this.#held.length;
    while (at > 0 && (this.#held[at - 1]?.atMs ?? 0) > observation.atMs) at--;
    if (at === this.#held.length) this.#held.push(observation);
    else this.#held.splice(at, 0, observation);
    return true;
  }

  /** Everything that has waited long enough at `nowMs`, in order. */
  take(nowMs: number): readonly Observation[] {
    const young = this.#held.findIndex((observation) => observation.atMs > nowMs - holdMs);
    const count = young < 0 ? this.#held.length : young;
    return this.#held.splice(0, count);
  }
}
