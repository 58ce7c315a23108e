// The letters of watermarks: five by seven dots, of our own drawing, so that marking a frame needs
// no font and no text engine. A row is two hexadecimal digits, its five lower bits the dots.

export const glyphWidth = 5;
export const glyphHeight = 7;

const rows: Readonly<Record<string, string>> = {
  '0': '0e11131519110e',
  '1': '040c040404040e',
  '2': '0e11010204081f',
  '3': '1e01010e01011e',
  '4': '02060a121f0202',
  '5': '1f101e0101110e',
  '6': '0608101e11110e',
  '7': '1f010204080808',
  '8': '0e11110e11110e',
  '9': '0e11110f01020c',
  a: '0e11111f111111',
  b: '1e11111e11111e',
  c: '0e11101010110e',
  d: '1e11111111111e',
  e: '1f10101e10101f',
  f: '1f10101e101010',
  g: '0e11101711110f',
  h: '1111111f111111',
  i: '0e04040404040e',
  j: '0702020202120c',
  k: '11121418141211',
  l: '1010101010101f',
  m: '111b1515111111',
  n: '11191513111111',
  o: '0e11111111110e',
  p: '1e11111e101010',
  q: '0e11111115120d',
  r: '1e11111e141211',
  s: '0f10100e01011e',
  t: '1f040404040404',
  u: '1111111111110e',
  v: '11111111110a04',
  w: '11111115151b11',
  x: '110a0404040a11',
  y: '110a0404040404',
  z: '1f01020408101f',
  _: '0000000000001f',
  '-': '0000001f000000',
  ':': '00040400040400',
  ' ': '00000000000000',
};

/** Whether the letter's dot is set; a letter that has no drawing is a full block. */
export function dotAt(letter: string, x: number, y: number): boolean {
  const drawing = rows[letter];
  if (drawing === undefined) return true;
  const row = Number.parseInt(drawing.slice(2 * y, 2 * y + 2), 16);
  return ((row >> (glyphWidth - 1 - x)) & 1) === 1;
}

/** The letters that have a drawing. */
export const letters: readonly string[] = Object.keys(rows);
