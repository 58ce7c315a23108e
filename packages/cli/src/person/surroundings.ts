// What changes around the person while they work, a turn before each click: page titles, addresses
// and a second window, and on the page itself texts, fields and pictures.
import type { Inlet } from '../canary/inlets.ts';
import type { Planted } from '../canary/plant.ts';
import type { Desk } from '../desk/desk.ts';

/** The elements of the page by the inlet that they are; the first shows secrets only. */
const elements: readonly (readonly [Inlet, first: string, second: string])[] = [
  ['visible-text', 'visible-1', 'visible-2'],
  ['attribute', 'attribute-1', 'attribute-2'],
  ['accessibility-value', 'value-1', 'value-2'],
  ['image', 'image-1', 'image-2'],
];
const titlesEachTurn = 2;
/** Not every turn ends in a picture that is kept. */
const roundsMin = 2;
const sideLines = 14;

export class Surroundings {
  readonly #desk: Desk;
  readonly #titles: readonly string[];
  readonly #queries: readonly string[];
  readonly #beside: readonly string[];
  /** Texts by the id of the element that shows them, one a turn. */
  readonly #onPage: readonly (readonly [id: string, texts: readonly string[]])[];
  #turn = 0;

  constructor(desk: Desk, planted: readonly Planted[]) {
    const of = (inlet: Inlet, gated?: boolean) =>
      planted
        .filter((each) => each.inlet === inlet && (gated === undefined || each.gated === gated))
        .map(({ value }) => value);
    this.#desk = desk;
    this.#titles = of('title');
    this.#queries = of('url');
    this.#beside = of('blocked-window');
    this.#onPage = elements.flatMap(([inlet, first, second]) => [
      [first, of(inlet, true)] as const,
      [second, of(inlet, false)] as const,
    ]);
    this.#showBeside();
  }

  /** Shows the next values; every one has its turn after enough calls. */
  next(): void {
    const turn = this.#turn;
    this.#turn += 1;
    const title = inTurn(this.#titles, titlesEachTurn * turn);
    const other = inTurn(this.#titles, titlesEachTurn * turn + 1);
    const query = inTurn(this.#queries, turn);
    this.#desk.form.tell({
      ...(title === undefined ? {} : { title }),
      ...(query === undefined ? {} : { query }),
      shown: Object.fromEntries(this.#onPage.map(([id, all]) => [id, inTurn(all, turn) ?? ''])),
    });
    if (other !== undefined) this.#desk.other.tell({ title: other });
    this.#showBeside();
  }

  /** True once every value has been shown, and shown again. */
  get allShown(): boolean {
    const turns = [
      Math.ceil(this.#titles.length / titlesEachTurn),
      Math.ceil(this.#beside.length / sideLines),
      this.#queries.length,
      ...this.#onPage.map(([, texts]) => texts.length),
    ];
    return this.#turn >= roundsMin * Math.max(...turns);
  }

  #showBeside(): void {
    const from = (this.#turn * sideLines) % Math.max(1, this.#beside.length);
    this.#desk.side.tell({
      shown: { shown: this.#beside.slice(from, from + sideLines).join('\n') },
    });
  }
}

function inTurn(texts: readonly string[], turn: number): string | undefined {
  return texts[turn % texts.length];
}
