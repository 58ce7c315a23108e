// What changes around the form while the person works: page titles, addresses and a second window,
// whose values must never be seen in a recording.
import type { Desk } from '../desk/desk.ts';

export interface SurroundingValues {
  readonly titles: readonly string[];
  readonly queries: readonly string[];
  readonly shown: readonly string[];
}

export class Surroundings {
  readonly #desk: Desk;
  readonly #values: SurroundingValues;
  #turn = 0;

  constructor(desk: Desk, values: SurroundingValues) {
    this.#desk = desk;
    this.#values = values;
    desk.side.tell({ shown: values.shown.join('\n') });
  }

  /** Shows the next values; every one has its turn after `turns` calls. */
  next(): void {
    const { titles, queries } = this.#values;
    const turn = this.#turn;
    this.#turn += 1;
    const title = titles[(2 * turn) % titles.length];
    const other = titles[(2 * turn + 1) % titles.length];
    const query = queries[turn % queries.length];
    this.#desk.form.tell({
      ...(title === undefined ? {} : { title }),
      ...(query === undefined ? {} : { query }),
    });
    if (other !== undefined) this.#desk.other.tell({ title: other });
  }

  /** True once every value has been shown. */
  get allShown(): boolean {
    const { titles, queries } = this.#values;
    return 2 * this.#turn >= titles.length && this.#turn >= queries.length;
  }
}
