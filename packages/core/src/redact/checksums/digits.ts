// Weighted sums and check-digit schemes that many numbers share, over strings of ASCII digits.

export function digitsOf(value: string): number[] {
  return Array.from(value, Number);
}

/** Sum of digit times weight, over as many digits as there are weights. */
export function weighted(value: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * Number(value.charAt(at)), 0);
}

/** Luhn (ISO/IEC 7812-1, annex B). */
export function luhn(value: string): boolean {
  let sum = 0;
  for (let at = value.length - 1, double = false; at >= 0; at--, double = !double) {
    const digit = value.charCodeAt(at) - 48;
    sum += double ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return value.length > 0 && sum % 10 === 0;
}

/** Remainder of a long decimal number. */
export function remainder(value: string, modulus: number): number {
  let rest = 0;
  for (const digit of value) rest = (rest * 10 + Number(digit)) % modulus;
  return rest;
}

/** ISO/IEC 7064 mod 11,10: the last digit checks the others. */
export function mod11And10(value: string): boolean {
  let product = 10;
  for (const digit of value.slice(0, -1)) {
    const sum = (Number(digit) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === Number(value.at(-1));
}

/** True for strings such as 000000000: they pass most sums and name nobody. */
export function oneDigitOnly(value: string): boolean {
  return value === value.charAt(0).repeat(value.length);
}

/** True when year, month and day could be a date; two-digit years are taken as they are. */
export function plausibleDate(month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= (month === 2 ? 29 : 31);
}
