// National identity, tax and insurance numbers of European countries, each after the rules its
// issuer publishes. Values come without separators, letters in upper case.
import {
  digitsOf,
  luhn,
  mod11And10,
  oneDigitOnly,
  plausibleDate,
  remainder,
  weighted,
} from './digits.ts';

const two = (value: string, at: number): number => Number(value.slice(at, at + 2));

/** United Kingdom, national insurance number; prefixes never issued, such as QQ, count as well. */
export function isNino(value: string): boolean {
  return /^[A-Z]{2}[0-9]{6}[A-D]$/.test(value);
}

/** United Kingdom, NHS number: ten digits, mod 11. */
export function isNhsNumber(value: string): boolean {
  const check = 11 - (weighted(value, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return value.length === 10 && !oneDigitOnly(value) && check % 11 === Number(value.at(-1));
}

/** Germany, Steuer-Identifikationsnummer: one digit of the first ten occurs two or three times. */
export function isSteuerId(value: string): boolean {
  if (!/^[1-9][0-9]{10}$/.test(value)) return false;
  const counts = new Map<string, number>();
  for (const digit of value.slice(0, 10)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  const repeated = [...counts.values()].filter((count) => count > 1);
  return repeated.length === 1 && (repeated[0] ?? 9) <= 3 && mod11And10(value);
}

/** France, numéro de sécurité sociale (NIR) with its two-digit key; Corsica has 2A and 2B. */
export function isInsee(value: string): boolean {
  if (!/^[1-478][0-9]{2}[0-9]{2}[0-9][0-9AB][0-9]{8}$/.test(value)) return false;
  const department = value.slice(5, 7);
  if (/[AB]/.test(department) && !department.startsWith('2')) return false;
  const number = value.slice(0, 13).replace('2A', '19').replace('2B', '18');
  return 97 - remainder(number, 97) === Number(value.slice(13));
}

const spanishLetters = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** Spain, DNI (eight digits) and NIE (X, Y or Z and seven digits), with the check letter. */
export function isDniOrNie(value: string): boolean {
  if (!/^[0-9XYZ][0-9]{7}[A-Z]$/.test(value)) return false;
  const number = value.slice(0, 8).replace(/[XYZ]/, (letter) => String('XYZ'.indexOf(letter)));
  return spanishLetters.charAt(Number(number) % 23) === value.at(-1);
}

/** Spain, social security number: twelve digits, mod 97. */
export function isSpanishSocialSecurity(value: string): boolean {
  if (!/^[0-9]{12}$/.test(value) || oneDigitOnly(value)) return false;
  const number = Number(value.slice(2, 10));
  const body = number < 10_000_000 ? number + two(value, 0) * 10_000_000 : value.slice(0, 10);
  return Number(body) % 97 === two(value, 10);
}

const oddValues = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];

/** Italy, codice fiscale; digits may be replaced by LMNPQRSTUV (omocodia). */
export function isCodiceFiscale(value: string): boolean {
  const digit = '[0-9LMNPQRSTUV]';
  const shape = `^[A-Z]{6}${digit}{2}[ABCDEHLMPRST]${digit}{2}[A-Z]${digit}{3}[A-Z]$`;
  if (!new RegExp(shape).test(value)) return false;
  let sum = 0;
  for (let at = 0; at < 15; at++) {
    const character = value.charCodeAt(at);
    const index = character < 58 ? character - 48 : character - 65;
    sum += at % 2 === 0 ? (oddValues[index] ?? 0) : index;
  }
  return String.fromCharCode(65 + (sum % 26)) === value.at(-1);
}

/** Netherlands, burgerservicenummer: nine digits, the eleven test. */
export function isBsn(value: string): boolean {
  if (!/^[0-9]{9}$/.test(value) || oneDigitOnly(value)) return false;
  const sum = weighted(value, [9, 8, 7, 6, 5, 4, 3, 2, -1]);
  return sum % 11 === 0;
}

/** Poland, PESEL: a date whose month tells the century, and a weighted check digit. */
export function isPesel(value: string): boolean {
  if (!/^[0-9]{11}$/.test(value)) return false;
  if (!plausibleDate(two(value, 2) % 20, two(value, 4))) return false;
  return weighted(value, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
}

/** Belgium, rijksregisternummer: eleven digits, mod 97, births from 2000 with a leading 2. */
export function isBelgianNumber(value: string): boolean {
  if (!/^[0-9]{11}$/.test(value) || !plausibleDate(two(value, 2) % 20 || 1, two(value, 4) || 1)) {
    return false;
  }
  const check = Number(value.slice(9));
  const body = value.slice(0, 9);
  return [body, `2${body}`].some((number) => 97 - remainder(number, 97) === check);
}

/** Sweden, personnummer: ten or twelve digits, a date and Luhn over the last ten. */
export function isPersonnummer(value: string): boolean {
  const ten = value.slice(-10);
  return /^[0-9]{10}$/.test(ten) && plausibleDate(two(ten, 2), two(ten, 4) % 60) && luhn(ten);
}

/** Norway, fødselsnummer: eleven digits with two check digits. */
export function isFodselsnummer(value: string): boolean {
  if (!/^[0-9]{11}$/.test(value) || !plausibleDate(two(value, 2) % 40, two(value, 0) % 40)) {
    return false;
  }
  const first = weighted(value, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11;
  return first === 0 && weighted(value, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
}

/** Finland, henkilötunnus: a date, a century mark, three digits and a check character. */
export function isHenkilotunnus(value: string): boolean {
  const number = Number(value.slice(0, 6) + value.slice(-4, -1));
  return '0123456789ABCDEFHJKLMNPRSTUVWXY'.charAt(number % 31) === value.at(-1);
}

/** Switzerland, AHV number: an EAN-13 that begins with 756. */
export function isAhv(value: string): boolean {
  const sum = digitsOf(value).reduce((total, digit, at) => total + digit * (at % 2 ? 3 : 1), 0);
  return /^756[0-9]{10}$/.test(value) && sum % 10 === 0;
}
