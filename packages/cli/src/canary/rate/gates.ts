// Which of the planted values must not come out for the measurement to be passed.
import { inletFacts } from '../inlets.ts';
import type { Mode } from '../mode.ts';
import type { Planted } from '../plant.ts';
import { leakRate, type Rate } from './leak-rate.ts';

export interface Gate extends Rate {
  readonly ok: boolean;
  /** What came out, by which inlet, and where; never the value. */
  readonly places: readonly string[];
}

const placesMax = 5;

interface GateRule {
  readonly name: string;
  readonly holds: (value: Planted, mode: Mode) => boolean;
}

/** Text drawn as pixels is known to the vault's reading only, which misses some: not gated yet. */
const inletsCountedOnly: ReadonlySet<string> = new Set(['image']);

const rules: readonly GateRule[] = [
  {
    name: 'secrets and checksummed data',
    holds: ({ gated, inlet }) => gated && !inletsCountedOnly.has(inlet),
  },
  {
    name: 'what may never be kept',
    holds: ({ inlet }) => inletFacts[inlet].neverKept,
  },
  { name: 'anything, in skeleton mode', holds: (_, mode) => mode === 'skeleton' },
];

/** One gate a rule that any planted value falls under; each is passed with none recovered. */
export function gatesOf(
  planted: readonly Planted[],
  found: ReadonlyMap<number, string>,
  mode: Mode,
): readonly Gate[] {
  return rules.flatMap(({ name, holds }) => {
    const under = planted
      .map((value, at) => ({ value, place: found.get(at) }))
      .filter(({ value }) => holds(value, mode));
    if (under.length === 0) return [];
    const out = under.filter(({ place }) => place !== undefined);
    const { all } = leakRate(
      under.map(({ value }) => value),
      { has: (at) => under[at]?.place !== undefined },
    );
    const places = out.map(({ value, place }) => `${value.class} by ${value.inlet} in ${place}`);
    return [{ ...all, name, ok: out.length === 0, places: places.slice(0, placesMax) }];
  });
}
