// So many requests per caller in ten seconds. Counts are forgotten with their window.

const windowMs = 10_000;
export const callersMax = 50_000;

export class RateLimit {
  readonly #perWindowMax: number;
  #window = -1;
  readonly #counts = new Map<string, number>();

  constructor(perSecondMax: number) {
    this.#perWindowMax = (perSecondMax * windowMs) / 1000;
  }

  /** False when `caller` has asked too often, or too many callers ask at once. */
  allows(caller: string, nowMs: number): boolean {
    const window = Math.floor(nowMs / windowMs);
    if (window !== this.#window) {
      this.#counts.clear();
      this.#window = window;
    }
    const count = (this.#counts.get(caller) ?? 0) + 1;
    if (count > this.#perWindowMax) return false;
    if (count === 1 && this.#counts.size >= callersMax) return false;
    this.#counts.set(caller, count);
    return true;
  }
}
