// What a walk says while it runs and at its end: a line per step, a table of checks, and one line
// of JSON for scripts.
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

export class Report {
  readonly checks: Check[] = [];
  readonly figures: Record<string, number> = {};
  readonly #say: (line: string) => void;
  readonly #startedMs = performance.now();

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** Does one step, with its line; how long it took becomes a figure. */
  async step<T>(name: string, words: string, work: () => Promise<T>): Promise<T> {
    this.#say(`${this.#clock()}  ${words}`);
    const startedMs = performance.now();
    try {
      return await work();
    } finally {
      this.figures[`${name}Seconds`] = tenths((performance.now() - startedMs) / 1000);
    }
  }

  check(name: string, ok: boolean, detail: string): void {
    this.checks.push({ name, ok, detail });
    this.#say(`        ${ok ? 'ok    ' : 'FAILED'}  ${name}: ${detail}`);
  }

  get ok(): boolean {
    return this.checks.length > 0 && this.checks.every((check) => check.ok);
  }

  /** The table for people. */
  table(): readonly string[] {
    const width = Math.max(...this.checks.map(({ name }) => name.length));
    return this.checks.map(
      ({ name, ok, detail }) => `  ${ok ? 'yes' : 'NO '}  ${name.padEnd(width)}  ${detail}`,
    );
  }

  finish(): void {
    this.figures.totalSeconds = tenths((performance.now() - this.#startedMs) / 1000);
  }

  #clock(): string {
    return `${((performance.now() - this.#startedMs) / 1000).toFixed(1).padStart(5)} s`;
  }
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
