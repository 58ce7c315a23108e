// How a participant's device finds the openings that concern it: their tags are numbered, so it
// computes those that may come next and looks for them in every new entry.
import { oneTimeTag } from '../ledger/index.ts';

/** How far ahead of the highest number found a device looks, and how far behind. */
export const tagWindow = 1_024;
/** How many numbers the vault may leave unused after one that surely stands in the ledger. */
export const tagGapMax = 512;

/** The tag of a participant's opening number `number`, from 0 up. */
export function openingTag(tagKey: Uint8Array, number: number): string {
  return oneTimeTag(tagKey, `opening ${number}`);
}

export interface TagScan {
  /** The number of `tag` if it is one of this key's; later ones are looked for from then on. */
  find(tag: string): number | undefined;
  /** Look for this and what follows next time. */
  readonly next: number;
}

/** Looks for the tags of `tagKey`, the last of which was found before `next`. */
export function tagScan(tagKey: Uint8Array, next = 0): TagScan {
  const numbers = new Map<string, number>();
  let upTo = Math.max(0, next - tagWindow);
  let highest = next;
  const extend = () => {
    for (; upTo < highest + tagWindow; upTo++) numbers.set(openingTag(tagKey, upTo), upTo);
  };
  extend();
  return {
    find: (tag) => {
      const number = numbers.get(tag);
      if (number === undefined) return undefined;
      highest = Math.max(highest, number + 1);
      extend();
      return number;
    },
    get next() {
      return highest;
    },
  };
}
