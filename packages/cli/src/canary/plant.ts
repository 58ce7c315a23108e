// The values that must never come out again: made anew in every run, of every class, for every way
// in. No value holds a part of another that would count as that other one recovered.
import { randomInt } from 'node:crypto';
import { Apart } from './apart.ts';
import { type Inlet, type InletFacts, inletFacts, inlets } from './inlets.ts';
import type { Maker } from './values/alphabet.ts';
import { classes, type ValueClass } from './values/classes.ts';

export interface Planted {
  readonly inlet: Inlet;
  readonly class: string;
  /** What is typed or shown: the secret, and words that introduce it. */
  readonly value: string;
  /** The part of the value that must not come out. */
  readonly secret: string;
  /** None of its class may come out. Otherwise it is counted only. */
  readonly gated: boolean;
}

const triesMax = 40;
const weights = Object.values(inletFacts).reduce((sum, { weight }) => sum + weight, 0);

/** About `count` values, at least one for each inlet, half of them of classes that are gated. */
export function plant(count: number, apart = new Apart()): readonly Planted[] {
  const made: Planted[] = [];
  for (const [at, inlet] of inlets.entries()) {
    const share = Math.max(1, Math.round((count * inletFacts[inlet].weight) / weights));
    const half = Math.ceil(share / 2);
    made.push(...drawn(inlet, inTurn(true, at), half, apart));
    made.push(...drawn(inlet, inTurn(false, at), share - half, apart));
  }
  return made;
}

/** Values of the same kinds that are never planted: what is found of them is found by mistake. */
export function decoys(count: number, planted: readonly Planted[]): readonly Planted[] {
  return plant(count, new Apart(planted));
}

interface Turn {
  readonly class: ValueClass;
  /** The makers of its kinds, for ever. */
  readonly makers: Generator<Maker>;
}

/** One class after the other, so that a few values already show every class. */
function inTurn(gated: boolean, from: number): readonly Turn[] {
  const turns = classes
    .filter((each) => each.gated === gated)
    .map((each) => ({ class: each, makers: around(Object.values(each.kinds)) }));
  const often = turns.flatMap((turn) => Array.from({ length: turn.class.weight }, () => turn));
  return [...often.slice(from % often.length), ...often.slice(0, from % often.length)];
}

function* around<T>(list: readonly T[]): Generator<T> {
  for (let at = randomInt(list.length); ; at += 1) {
    const next = list[at % list.length];
    if (next !== undefined) yield next;
  }
}

/** Gives `count` values, or fewer where an inlet can carry none of these classes. */
function drawn(
  inlet: Inlet,
  turns: readonly Turn[],
  count: number,
  apart: Apart,
): readonly Planted[] {
  const planted: Planted[] = [];
  let missed = 0;
  for (let at = 0; planted.length < count && missed < turns.length; at += 1) {
    const turn = turns[at % turns.length];
    const value = turn && plantedOf(turn, inlet, apart);
    missed = value ? 0 : missed + 1;
    if (value) planted.push(value);
  }
  return planted;
}

function plantedOf(turn: Turn, inlet: Inlet, apart: Apart): Planted | undefined {
  const facts = inletFacts[inlet];
  for (let tries = 0; tries < triesMax; tries += 1) {
    const made = turn.makers.next().value();
    const [start, secret, end = ''] = typeof made === 'string' ? ['', made] : made;
    const value = `${start}${secret}${end}`;
    if (!fits(value, facts) || !apart.takes({ value, secret })) continue;
    const { name, gated } = turn.class;
    return { inlet, class: name, value, secret, gated };
  }
  return undefined;
}

function fits(value: string, { lettersMax, lines, byKeyboard }: InletFacts): boolean {
  const isTypeable = !byKeyboard || /^[\n\x20-\x7e]*$/.test(value);
  return value.length <= lettersMax && isTypeable && (lines || !value.includes('\n'));
}
