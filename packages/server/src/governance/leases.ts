// Which agents may be capturing right now, so that a halt can say how many have stopped. In memory
// only: when somebody captured is nobody's to keep.

const kept = 100_000;
const forgottenAfterMs = 3_600_000;

interface Known {
  readonly endsMs: number;
  /** When it was told that the programme is halted. */
  readonly toldMs: number | undefined;
}

export interface Stopped {
  /** Agents whose lease ran when the programme was halted. */
  readonly counted: number;
  /** Of those: told of the halt, or cut off until their lease ended. */
  readonly stopped: number;
  readonly lastEndsMs: number | undefined;
}

export class Leases {
  readonly #byPseudonym = new Map<string, Known>();

  given(pseudonym: string, endsMs: number, nowMs: number): void {
    if (this.#byPseudonym.size >= kept) this.#forget(nowMs);
    this.#byPseudonym.set(pseudonym, { endsMs, toldMs: undefined });
  }

  /** An agent asked, and was told that the programme is halted. */
  refused(pseudonym: string, nowMs: number): void {
    const known = this.#byPseudonym.get(pseudonym);
    if (known) this.#byPseudonym.set(pseudonym, { endsMs: known.endsMs, toldMs: nowMs });
  }

  since(haltedMs: number, nowMs: number): Stopped {
    const running = [...this.#byPseudonym.values()].filter(({ endsMs }) => endsMs > haltedMs);
    const stopped = running.filter(({ endsMs, toldMs }) => endsMs <= nowMs || toldMs !== undefined);
    return {
      counted: running.length,
      stopped: stopped.length,
      lastEndsMs: running.length === 0 ? undefined : Math.max(...running.map((one) => one.endsMs)),
    };
  }

  #forget(nowMs: number): void {
    for (const [pseudonym, { endsMs }] of this.#byPseudonym) {
      if (endsMs < nowMs - forgottenAfterMs) this.#byPseudonym.delete(pseudonym);
    }
  }
}
