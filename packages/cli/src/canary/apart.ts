// Values that cannot be taken for one another: no part of one that would count as recovered stands
// in another, in bytes or as a machine might read it.
import { FuzzySearch, plainLetters } from './read-back/fuzzy.ts';
import { holdsRun } from './runs.ts';

interface Known {
  readonly secret: string;
  readonly letters: string;
  readonly search: FuzzySearch;
}

/** A value, with the words that are shown around it. */
export interface Shown {
  readonly value: string;
  readonly secret: string;
}

export class Apart {
  readonly #known: Known[] = [];

  constructor(known: readonly Shown[] = []) {
    for (const each of known) this.#known.push(knownOf(each));
  }

  /** True, and known from now on, where it is apart from all that are known. */
  takes(shown: Shown): boolean {
    const next = knownOf(shown);
    if (this.#known.some((other) => isHeld(other, next) || isHeld(next, other))) return false;
    this.#known.push(next);
    return true;
  }
}

function knownOf({ value, secret }: Shown): Known {
  return { secret, letters: plainLetters(value), search: new FuzzySearch([secret]) };
}

function isHeld(inner: Known, outer: Known): boolean {
  return holdsRun(outer.secret, inner.secret) || inner.search.in(outer.letters).size > 0;
}
