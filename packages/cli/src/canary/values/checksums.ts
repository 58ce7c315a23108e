// The check digits that planted data carries, each from its public definition.

/** Luhn (ISO/IEC 7812-1, annex B): the digit that makes `digits` valid when it follows them. */
export function luhnDigit(digits: string): string {
  let sum = 0;
  for (const [at, digit] of [...digits].reverse().entries()) {
    const doubled = Number(digit) * (at % 2 === 0 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return String((10 - (sum % 10)) % 10);
}

/** ISO 7064 MOD 97-10 as in ISO 13616: the two check digits of an IBAN. */
export function ibanCheck(country: string, account: string): string {
  const moved = `${account}${country}00`.replaceAll(/[A-Z]/g, (letter) =>
    String(letter.charCodeAt(0) - 55),
  );
  return String(98n - (BigInt(moved) % 97n)).padStart(2, '0');
}

const dihedral = (a: number, b: number): number => {
  if (a < 5) return b < 5 ? (a + b) % 5 : 5 + ((a + b - 5) % 5);
  return b < 5 ? 5 + ((a - 5 - b + 5) % 5) : (a - b + 5) % 5;
};
const permute = (digit: number, times: number): number => {
  const once = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
  let value = digit;
  for (let at = 0; at < times; at += 1) value = once[value] ?? 0;
  return value;
};

/** Verhoeff's digit over the dihedral group of ten elements (1969). */
export function verhoeffDigit(digits: string): string {
  let check = 0;
  for (const [at, digit] of [...digits].reverse().entries()) {
    check = dihedral(check, permute(Number(digit), (at + 1) % 8));
  }
  return String(Array.from({ length: 10 }, (_, at) => at).find((at) => dihedral(check, at) === 0));
}

/** The sum of digits times weights. */
export function weighed(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0);
}

/** ISO 7064 MOD 11,10, as in German tax numbers. */
export function mod11and10Digit(digits: string): string {
  let product = 10;
  for (const digit of digits) {
    const sum = (Number(digit) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return String((11 - product) % 10);
}
