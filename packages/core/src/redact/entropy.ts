// Tells made-up character strings (keys, tokens) from words, identifiers, paths and hashes, by how
// many of the neighbouring letters are pairs that written language uses.

// For each letter, the letters that often follow it in English prose and program text.
const followers: Readonly<Record<string, string>> = {
  a: 'bcdfgiklmnprstuvwy',
  b: 'aeilorsuy',
  c: 'acehiklorstu',
  d: 'adeilorsu',
  e: 'abcdefgilmnopqrstuvwxy',
  f: 'aefiloruy',
  g: 'aeghilnorsu',
  h: 'aeiort',
  i: 'abcdefglmnoprstvxz',
  j: 'es',
  k: 'eis',
  l: 'adeilostuy',
  m: 'abeimopsu',
  n: 'acdefginostuv',
  o: 'abcdfgiklmnoprstuvw',
  p: 'aehiloprstu',
  q: 'u',
  r: 'acdefgiklmnorstuvy',
  s: 'acehiklopstuy',
  t: 'acehilorstuy',
  u: 'abcdegilmnprst',
  v: 'aei',
  w: 'aehinors',
  x: 'ept',
  y: 'npst',
  z: 'e',
};

const letter = /[A-Za-z]/;
const camelHump = /[a-z][A-Z]/;

/** Bits per character of the string's own distribution. */
export function shannonBits(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values())
    bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}

/** Share (0 to 1) of neighbouring characters that are a pair written language uses. */
export function wordiness(value: string): number {
  let pairs = 0;
  let common = 0;
  for (const segment of value.split(/[^A-Za-z0-9]/)) {
    if (/^[0-9]*$/.test(segment)) continue;
    for (let at = 0; at + 1 < segment.length; at++) {
      const pair = segment.slice(at, at + 2);
      if (camelHump.test(pair) && letter.test(segment.charAt(at + 2))) continue;
      pairs++;
      if (isCommonPair(pair)) common++;
    }
  }
  return pairs === 0 ? 1 : common / pairs;
}

function isCommonPair(pair: string): boolean {
  if (camelHump.test(pair)) return false;
  const lower = pair.toLowerCase();
  return followers[lower.charAt(0)]?.includes(lower.charAt(1)) ?? false;
}

const hex = /^(?:0x)?(?:[0-9a-f]+|[0-9A-F]+)$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True for a hexadecimal string as long as the usual digests and keys. */
export function isLongHex(value: string): boolean {
  return value.length >= 32 && hex.test(value) && shannonBits(value) > 2.5;
}

const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/];

/** Share of neighbours that change between lower case, upper case and digit. */
function restlessness(value: string): number {
  const kindOf = (at: number): number => kinds.findIndex((kind) => kind.test(value.charAt(at)));
  let changes = 0;
  for (let at = 0; at + 1 < value.length; at++) if (kindOf(at) !== kindOf(at + 1)) changes++;
  return changes / (value.length - 1);
}

/** True for a string of 16 or more characters that looks drawn at random. */
export function looksRandom(value: string): boolean {
  if (value.length < 16 || uuid.test(value)) return false;
  if (hex.test(value)) return isLongHex(value);
  const classes = kinds.filter((kind) => kind.test(value)).length;
  if (classes < 2 || shannonBits(value) < Math.min(3.2, Math.log2(value.length) * 0.75))
    return false;
  const words = wordiness(value);
  const unrest = restlessness(value);
  if (value.length < 20) return words < (classes === 3 && unrest >= 0.42 ? 0.6 : 0.2);
  if (!/[A-Za-z0-9]{9}/.test(value)) return false;
  return words < Math.min(0.64, 0.4 + unrest * 0.5) && (unrest >= 0.2 || words < 0.48);
}
