// National identity and tax numbers outside Europe, each after the rules its issuer publishes.
// Values come without separators, letters in upper case.
import { luhn, oneDigitOnly, plausibleDate, weighted } from './digits.ts';
import { verhoeff } from './verhoeff.ts';

/** United States, social security number or ITIN: no checksum, only areas never issued. */
export function isSsn(value: string): boolean {
  return /^(?!000|666)[0-9]{3}(?!00)[0-9]{2}(?!0000)[0-9]{4}$/.test(value);
}

/** Canada, social insurance number: nine digits, Luhn; also those never issued (0, 8). */
export function isSin(value: string): boolean {
  return /^[0-9]{9}$/.test(value) && luhn(value) && !oneDigitOnly(value);
}

/** Brazil, CPF: two check digits, mod 11. */
export function isCpf(value: string): boolean {
  return /^[0-9]{11}$/.test(value) && !oneDigitOnly(value) && brazilianChecks(value, 11);
}

/** Brazil, CNPJ: two check digits, mod 11, weights from 2 to 9. */
export function isCnpj(value: string): boolean {
  return /^[0-9]{14}$/.test(value) && !oneDigitOnly(value) && brazilianChecks(value, 9);
}

function brazilianChecks(value: string, weightMax: number): boolean {
  return [2, 1].every((fromEnd) => {
    const body = value.length - fromEnd;
    const weights = Array.from(
      { length: body },
      (_, at) => 2 + ((body - 1 - at) % (weightMax - 1)),
    );
    const rest = weighted(value, weights) % 11;
    return (rest < 2 ? 0 : 11 - rest) === Number(value.charAt(body));
  });
}

/** India, Aadhaar: twelve digits, Verhoeff, no leading 0 or 1. */
export function isAadhaar(value: string): boolean {
  return /^[2-9][0-9]{11}$/.test(value) && verhoeff(value) && !oneDigitOnly(value);
}

/** China, resident identity number (GB 11643): a date and ISO 7064 mod 11-2. */
export function isChineseId(value: string): boolean {
  if (!/^[1-9][0-9]{16}[0-9X]$/.test(value)) return false;
  if (!plausibleDate(Number(value.slice(10, 12)), Number(value.slice(12, 14)))) return false;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return '10X98765432'.charAt(weighted(value, weights) % 11) === value.at(-1);
}

/** South Korea, resident registration number: a date and mod 11. */
export function isKoreanId(value: string): boolean {
  if (!/^[0-9]{6}[1-8][0-9]{6}$/.test(value)) return false;
  if (!plausibleDate(Number(value.slice(2, 4)), Number(value.slice(4, 6)))) return false;
  const sum = weighted(value, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]);
  return (11 - (sum % 11)) % 10 === Number(value.at(-1));
}

/** Turkey, kimlik numarası: eleven digits with two check digits. */
export function isTurkishId(value: string): boolean {
  if (!/^[1-9][0-9]{10}$/.test(value) || oneDigitOnly(value)) return false;
  const odd = weighted(value, [1, 0, 1, 0, 1, 0, 1, 0, 1]);
  const even = weighted(value, [0, 1, 0, 1, 0, 1, 0, 1, 0]);
  const all = weighted(value, Array(10).fill(1));
  const tenth = (((odd * 7 - even) % 10) + 10) % 10;
  return tenth === Number(value.charAt(9)) && all % 10 === Number(value.charAt(10));
}

/** South Africa, identity number: a date and Luhn over thirteen digits. */
export function isSouthAfricanId(value: string): boolean {
  if (!/^[0-9]{10}[01][0-9]{2}$/.test(value)) return false;
  return plausibleDate(Number(value.slice(2, 4)), Number(value.slice(4, 6))) && luhn(value);
}

/** Singapore, NRIC and FIN: a prefix letter, seven digits and a check letter. */
export function isNric(value: string): boolean {
  if (!/^[STFGM][0-9]{7}[A-Z]$/.test(value)) return false;
  const prefix = value.charAt(0);
  const offset = { S: 0, F: 0, T: 4, G: 4, M: 3 }[prefix] ?? 0;
  const sum = weighted(value.slice(1), [2, 7, 6, 5, 4, 3, 2]) + offset;
  if (prefix === 'M') return 'KLJNPQRTUWX'.charAt(10 - (sum % 11)) === value.at(-1);
  const letters = 'ST'.includes(prefix) ? 'JZIHGFEDCBA' : 'XWUTRQPNMLK';
  return letters.charAt(sum % 11) === value.at(-1);
}
