// What a line may say besides what was read: OCR takes letters for digits, breaks addresses apart
// and loses dots. Each reading keeps, for every character, the word it came from.
import type { Reading } from './lines.ts';

/** The reading itself and those that mend what OCR gets wrong, where they differ. */
export function readingsOf(reading: Reading): readonly Reading[] {
  const all = [reading, asAddresses(reading), asNumbers(reading)];
  return all.filter((each, at) => all.findIndex(({ text }) => text === each.text) === at);
}

const atSigns = /[©®]|\(a\)/g;
const spreadAddress =
  /(?:[^\s@]{1,64}(?: [.,] ?|[.,] )){0,3}[^\s@]{1,64} ?@ ?[^\s@]{1,64}(?: ?[.,] ?[^\s@.,]{2,24}){0,4}/g;

/** `jane @ example . org` and `jane©example,org` as they were written. */
function asAddresses(reading: Reading): Reading {
  const marked = replaced(reading, atSigns, () => '@');
  if (!marked.text.includes('@')) return marked;
  return replaced(marked, spreadAddress, (part) => part.replaceAll(' ', '').replaceAll(',', '.'));
}

// Words of which at least half are digits, with letters among them that look like digits.
const numberLike = /[0-9OoQDlI|iSsBZzGgqTA/!\]]{2,40}/g;
const digitOf: Readonly<Record<string, string>> = {
  ...{ O: '0', o: '0', Q: '0', D: '0', l: '1', I: '1', '|': '1', i: '1', '!': '1', ']': '1' },
  ...{ S: '5', s: '5', B: '8', Z: '2', z: '2', G: '6', g: '9', q: '9', T: '7', A: '4', '/': '1' },
};

function asNumbers(reading: Reading): Reading {
  return replaced(reading, numberLike, (part) => {
    const digits = part.replace(/[^0-9]/g, '').length;
    if (digits * 2 < part.length) return part;
    return [...part].map((unit) => digitOf[unit] ?? unit).join('');
  });
}

/** Replaced parts lose characters or keep their number, so each still belongs to its word. */
function replaced(
  { text, owners }: Reading,
  pattern: RegExp,
  change: (part: string) => string,
): Reading {
  let out = '';
  const kept: number[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    const to = match.index + match[0].length;
    const changed = change(match[0]);
    out += text.slice(from, match.index) + changed;
    kept.push(...owners.slice(from, match.index), ...spread(owners, match.index, to, changed));
    from = to;
  }
  return { text: out + text.slice(from), owners: [...kept, ...owners.slice(from)] };
}

/** Owners of `changed`, which stands for `[from, to)`: in order, blanks left out first. */
function spread(owners: readonly number[], from: number, to: number, changed: string): number[] {
  const part = owners.slice(from, to);
  const solid = part.filter((owner) => owner >= 0);
  const source = part.length === changed.length ? part : solid;
  return Array.from(changed, (_, at) => source[Math.min(at, source.length - 1)] ?? -1);
}
