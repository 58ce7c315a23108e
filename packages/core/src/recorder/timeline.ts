// What was true when: windows and focus over the last seconds, so that an event can be judged by
// everything that may have been in effect while it happened.
const entriesMax = 64;

export class Timeline<T> {
  readonly #entries: { readonly atMs: number; readonly value: T }[] = [];

  /** In order of time, also when it is told late. */
  set(atMs: number, value: T): void {
    const before = this.#entries.findLastIndex((entry) => entry.atMs <= atMs);
    this.#entries.splice(before + 1, 0, { atMs, value });
    if (this.#entries.length > entriesMax) this.#entries.shift();
  }

  /** As `set`; what was said of this very moment no longer counts. */
  restate(atMs: number, value: T): void {
    const at = this.#entries.findIndex((entry) => entry.atMs === atMs);
    if (at < 0) this.set(atMs, value);
    else this.#entries.splice(at, 1, { atMs, value });
  }

  /** In effect at `fromMs`, and everything that came into effect until `toMs`. Empty: unknown. */
  during(fromMs: number, toMs: number): readonly T[] {
    const first = this.#entries.findLastIndex((entry) => entry.atMs <= fromMs);
    const within = this.#entries.slice(Math.max(0, first)).filter((entry) => entry.atMs <= toMs);
    return within.map((entry) => entry.value);
  }

  latest(): T | undefined {
    return this.#entries.at(-1)?.value;
  }

  clear(): void {
    this.#entries.length = 0;
  }
}
