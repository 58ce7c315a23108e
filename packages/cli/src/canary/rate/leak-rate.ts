// The canary leak rate: how many of the planted values came out again, by class and by the way they
// went in, each with its interval.
import type { Planted } from '../plant.ts';
import { type Interval, wilson } from './wilson.ts';

export interface Rate extends Interval {
  readonly name: string;
  readonly planted: number;
  readonly recovered: number;
}

export interface Cell {
  readonly class: string;
  readonly inlet: string;
  readonly planted: number;
  readonly recovered: number;
}

export interface LeakRate {
  readonly all: Rate;
  readonly classes: readonly Rate[];
  readonly inlets: readonly Rate[];
  /** Every class by every inlet; those without values are left out. */
  readonly cells: readonly Cell[];
}

/** Numbers of the planted values that were recovered. */
export interface Found {
  has(number: number): boolean;
}

export function leakRate(planted: readonly Planted[], found: Found): LeakRate {
  const each = planted.map((value, at) => ({ ...value, found: found.has(at) }));
  const by = (nameOf: (value: Planted) => string) =>
    [...Map.groupBy(each, nameOf)].map(([name, of]) => rate(name, of));
  const cells = [...Map.groupBy(each, (value) => `${value.class} ${value.inlet}`).values()];
  return {
    all: rate('all', each),
    classes: by((value) => value.class),
    inlets: by((value) => value.inlet),
    cells: cells.map((of) => {
      const [{ class: name = '', inlet = '' } = {}] = of;
      return { class: name, inlet, planted: of.length, recovered: countOf(of) };
    }),
  };
}

type Counted = Planted & { readonly found: boolean };

function rate(name: string, of: readonly Counted[]): Rate {
  const recovered = countOf(of);
  return { name, planted: of.length, recovered, ...wilson(recovered, of.length) };
}

function countOf(of: readonly Counted[]): number {
  return of.filter(({ found }) => found).length;
}

/** For people: a line for each. */
export function rateLines(rates: readonly Rate[]): readonly string[] {
  const width = Math.max(...rates.map(({ name }) => name.length));
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return rates.map(({ name, planted, recovered, low, high }) => {
    const share = percent(planted === 0 ? 0 : recovered / planted).padStart(7);
    const counts = `${recovered} of ${planted}`.padStart(11);
    return `  ${name.padEnd(width)}  ${counts}  ${share}  (${percent(low)} to ${percent(high)})`;
  });
}
