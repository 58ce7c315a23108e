// What was true when: windows and focus over the last seconds, so that an event can be judged by
// everything that may have been in effect while it happened.
const entriesMax = 64;

export class Timeline<T> {
  readonly #entries: { readonly atMs: number; readonly value: T }[] = [];

  set(atMs: number, value: T): void {
    this.#entries.push({ atMs, value });
    if (this.#entries.length > entriesMax) this.#entries.shift();
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
