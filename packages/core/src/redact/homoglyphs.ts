// Letters of other scripts that look like ASCII ones, so that a value written with them is found.
// After Unicode's confusables (UTS 39), cut down to the look-alikes on common keyboards.

const lookAlikes: Readonly<Record<string, string>> = {
  A: 'АΑᎪ',
  B: 'ВΒ',
  C: 'СϹ',
  E: 'ЕΕ',
  H: 'НΗ',
  I: 'ІΙ',
  J: 'Ј',
  K: 'КΚ',
  M: 'МΜ',
  N: 'Ν',
  O: 'ОΟ',
  P: 'РΡ',
  S: 'Ѕ',
  T: 'ТΤ',
  X: 'ХΧ',
  Y: 'ҮΥ',
  Z: 'Ζ',
  a: 'аɑ',
  c: 'сϲ',
  d: 'ԁ',
  e: 'е',
  g: 'ɡ',
  h: 'һ',
  i: 'іı',
  j: 'ј',
  l: 'ӏ',
  o: 'оο',
  p: 'р',
  s: 'ѕ',
  v: 'ν',
  x: 'х',
  y: 'у',
  '-': '‐‑‒–—―−⁃﹘',
  '.': '․。｡',
  "'": '‘’ʼ′',
  '"': '“”″„',
  '/': '⁄∕',
  ':': '∶ː',
};

export const homoglyphs: ReadonlyMap<string, string> = new Map(
  Object.entries(lookAlikes).flatMap(([ascii, others]) =>
    [...others].map((other): [string, string] => [other, ascii]),
  ),
);
