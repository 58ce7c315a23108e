// Cards of many brands and bank accounts of many countries, with check digits that hold.
import { randomInt } from 'node:crypto';
import { digits, type Maker, number, some, upper } from './alphabet.ts';
import { ibanCheck, luhnDigit } from './checksums.ts';

const card = (start: string, length: number) => {
  const body = start + digits(length - 1 - start.length);
  return body + luhnDigit(body);
};
const grouped = (text: string, sign: string) => text.replaceAll(/(.{4})(?=.)/g, `$1${sign}`);
const iban = (country: string, account: string) =>
  `${country}${ibanCheck(country, account)}${account}`;

export const cards: Readonly<Record<string, Maker>> = {
  visa: () => card('4', 16),
  mastercard: () => card(number(51, 56), 16),
  amex: () => card(String(randomInt(2) * 3 + 34), 15),
  discover: () => card('6011', 16),
  diners: () => card('36', 14),
  jcb: () => card('3530', 16),
  spacedCard: () => grouped(card('4', 16), ' '),
  dashedCard: () => grouped(card(number(51, 56), 16), '-'),
};

export const ibans: Readonly<Record<string, Maker>> = {
  german: () => iban('DE', digits(18)),
  british: () => iban('GB', some(upper, 4) + digits(14)),
  dutch: () => iban('NL', some(upper, 4) + digits(10)),
  french: () => grouped(iban('FR', digits(23)), ' '),
  spanish: () => iban('ES', digits(20)),
  italian: () => iban('IT', some(upper, 1) + digits(22)),
  polish: () => grouped(iban('PL', digits(24)), ' '),
  swiss: () => iban('CH', digits(17)),
  austrian: () => iban('AT', digits(16)),
  belgian: () => grouped(iban('BE', digits(12)), ' '),
};
