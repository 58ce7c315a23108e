// The form in which words are compared: lower case, without accents, apostrophes all alike, so that
// `KOVACEVIC`, `Kovačević` and `kovačević` are one word.

const onlyAscii = /^[\x20-\x7E]*$/;
const marks = /\p{M}/gu;
const special: Readonly<Record<string, string>> = {
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ø: 'o',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
  ς: 'σ',
};
const specials = /[đðþłøßæœıς]/g;

export function wordKey(word: string): string {
  const lower = word.toLowerCase();
  if (onlyAscii.test(lower)) return lower;
  return lower
    .normalize('NFD')
    .replace(marks, '')
    .replace(specials, (letter) => special[letter] ?? letter);
}
