// Payment card numbers: Luhn and a length that the number's issuer range allows
// (ISO/IEC 7812 ranges as the networks publish them).
import { luhn, oneDigitOnly } from './digits.ts';

type Range = readonly [from: number, to: number, lengths: readonly number[]];

const long = [16, 17, 18, 19];
const four: readonly Range[] = [
  [4000, 4999, [13, 16, 19]], // Visa
  [5100, 5599, [16]], // Mastercard
  [2221, 2720, [16]], // Mastercard
  [3400, 3499, [15]], // American Express
  [3700, 3799, [15]],
  [3000, 3059, [14, ...long]], // Diners Club
  [3095, 3095, [14, ...long]],
  [3600, 3699, [14, ...long]],
  [3800, 3999, [14, ...long]],
  [3528, 3589, long], // JCB
  [3500, 3527, [16]],
  [1800, 1800, [15]],
  [2131, 2131, [15]],
  [6000, 6999, long], // Discover, UnionPay, RuPay, Maestro
  [8100, 8299, [16, 19]], // UnionPay, RuPay
  [5000, 5099, [12, 13, 14, 15, ...long]], // Maestro, Elo, Verve
  [5600, 5899, [12, 13, 14, 15, ...long]],
  [6300, 6399, [12, 13, 14, 15]],
  [6700, 6799, [12, 13, 14, 15]],
  [6000, 6099, [12, 13, 14, 15]],
  [2200, 2204, long], // Mir
  [9792, 9792, [16]], // Troy
];

/** True for a number of 12 to 19 digits that a card can carry. */
export function isCardNumber(value: string): boolean {
  if (!luhn(value) || oneDigitOnly(value)) return false;
  const prefix = Number(value.slice(0, 4));
  return four.some(
    ([from, to, lengths]) => prefix >= from && prefix <= to && lengths.includes(value.length),
  );
}

/** Luhn alone, for numbers that a nearby word already calls a card. */
export function isLuhnCard(value: string): boolean {
  return /^[0-9]{12,19}$/.test(value) && luhn(value) && !oneDigitOnly(value);
}
