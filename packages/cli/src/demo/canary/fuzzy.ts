// Finds values in text that a machine has read from pixels: letters that look alike are one letter,
// spaces and punctuation do not count, and every fifth letter may be wrong.

const wrongShare = 0.2;
const exactLettersMax = 5;
const alike: Readonly<Record<string, string>> = {
  ...{ o: '0', q: '0', d: '0', i: '1', l: '1', j: '1', t: '1', s: '5', z: '2', b: '8', g: '9' },
};

/** Letters and digits only, those that look alike made one. */
export function plainLetters(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[|![\]]/g, '1')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .replaceAll(/[oqdiljtszbg]/g, (letter) => alike[letter] ?? letter)
    .replaceAll(/rn/g, 'm')
    .replaceAll(/vv/g, 'w');
}

/** True when `value` stands in `text`; both already through `plainLetters`. */
export function standsIn(value: string, text: string): boolean {
  if (value === '') return false;
  if (text.includes(value)) return true;
  if (value.length <= exactLettersMax) return false;
  const wrongMax = Math.floor(value.length * wrongShare);
  return fewestWrong(value, text, wrongMax) <= wrongMax;
}

/** Edit distance of `value` to the part of `text` nearest to it (Sellers, 1980). */
function fewestWrong(value: string, text: string, enough: number): number {
  let row = Uint16Array.from({ length: value.length + 1 }, (_, at) => at);
  let best = value.length;
  for (let at = 0; at < text.length && best > enough; at += 1) {
    const letter = text.charCodeAt(at);
    const next = new Uint16Array(row.length);
    for (let i = 1; i < row.length; i += 1) {
      const change = (row[i - 1] ?? 0) + (value.charCodeAt(i - 1) === letter ? 0 : 1);
      next[i] = Math.min(change, (row[i] ?? 0) + 1, (next[i - 1] ?? 0) + 1);
    }
    row = next;
    best = Math.min(best, row[value.length] ?? best);
  }
  return best;
}
