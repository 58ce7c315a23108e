// How much of one core this process takes, as a mean over about a minute.

/** Nothing is measured over less time than this. */
const spanMsMin = 5_000;
const meanMs = 60_000;

export class CpuShare {
  #atMs: number;
  #usedMs: number;
  #percent = 0;

  /** From now on: what starting up took is not counted. */
  constructor(nowMs: number, usedMs: number) {
    this.#atMs = nowMs;
    this.#usedMs = usedMs;
  }

  /** `usedMs` is the processor time of this process so far. */
  look(nowMs: number, usedMs: number): number {
    const spanMs = nowMs - this.#atMs;
    if (spanMs < spanMsMin) return this.#percent;
    const percent = (100 * (usedMs - this.#usedMs)) / spanMs;
    const weight = Math.min(1, spanMs / meanMs);
    this.#percent += weight * (percent - this.#percent);
    this.#atMs = nowMs;
    this.#usedMs = usedMs;
    return this.#percent;
  }
}
