// The values found so far, in texts and in earlier frames: each is looked for wherever something is
// read later. They live as long as a session is refined, in memory, and print nothing.
import { HandrailError } from '../errors/index.ts';
import type { FindingClass } from '../redact/index.ts';
import { signsMax, signsMin } from './fuzzy.ts';
import { skeletonOf } from './skeleton.ts';

/** Beyond it a session is not looked at any further. */
export const knownValuesMax = 4_000;

export class KnownValues {
  readonly #values = new Map<string, FindingClass>();

  /** Adds a value unless it is too short to look for. Throws `input.too-large`. */
  add(value: string, findingClass: FindingClass): void {
    const signs = skeletonOf(value).signs.slice(0, signsMax);
    if (signs.length < signsMin || this.#values.has(signs)) return;
    if (this.#values.size >= knownValuesMax) {
      throw new HandrailError('input.too-large', `More than ${knownValuesMax} values were found.`);
    }
    this.#values.set(signs, findingClass);
  }

  /** Skeletons with the class of what they stand for. */
  entries(): Iterable<readonly [string, FindingClass]> {
    return this.#values;
  }

  toJSON(): string {
    return '[sensitive]';
  }
}
