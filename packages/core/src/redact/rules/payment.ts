// Payment cards and bank accounts.

import { isCardNumber, isLuhnCard } from '../checksums/card.ts';
import { weighted } from '../checksums/digits.ts';
import { isIban } from '../checksums/iban.ts';
import { wide } from '../pattern-lines.ts';
import type { RuleDraft } from '../rule.ts';

const digitRun = /(?<![\d]|\d[.,])(?!0[.,]\d{9})\d(?:[ .\-_/]{0,3}\d){11,47}(?![\d])/;
const cardWords = wide('i')`
    \b(?:cards?|credit|debit|visa|master ?card|amex|american express|discover|maestro|karte
    |kreditkarte|carte|tarjeta|carta|cartão|kaart|karta|pan)\b`;

export const paymentRules: readonly RuleDraft[] = [
  {
    id: 'card',
    class: 'card',
    digitsMin: 12,
    pattern: digitRun,
    windows: [12, 19],
    check: isCardNumber,
    positive: [
      '«4111111111111111»',
      'pay 1 with «4111 1111 1111 1111», 12/27',
      '«3782-822463-10005».',
      '«5555.5555.5555.4444»',
      'card«6011000990139424»',
    ],
    negative: ['4111111111111112', '1234567890123456', '0.4111111111111111', '1700000000000'],
  },
  {
    id: 'card-labelled',
    class: 'card',
    digitsMin: 12,
    near: cardWords,
    pattern: digitRun,
    windows: [12, 19],
    check: isLuhnCard,
    positive: ['my card # «9111111111111110»'],
    negative: ['parcel 9111111111111111', 'card 9111111111111112'],
  },
  {
    id: 'card-security-code',
    class: 'card',
    hints: ['cv', 'csc', 'security code'],
    lead: wide('i')`
      \b(?:cvv2?|cvc2?|csc|card security code|security code)[ \t]{0,3}(?:=|:|is
      |#)?[ \t]{0,3}`,
    pattern: /\d{3,4}(?!\d)/,
    positive: ['CVV: «123»', 'the cvc is «9876»'],
    negative: ['csc 12345', '123'],
  },
  {
    id: 'iban',
    class: 'iban',
    digitsMin: 6,
    pattern: /(?<![A-Za-z0-9])[A-Z]{2}[ .-]?\d[ .-]?\d(?:[ .-]{0,2}[A-Z0-9]){11,40}/i,
    windows: [15, 33],
    check: isIban,
    positive: [
      '«DE89370400440532013000»',
      'to «GB82 WEST 1234 5698 7654 32» today',
      '«nl91abna0417164300».',
      '«FR14-2004-1010-0505-0001-3M02-606»',
    ],
    negative: ['DE89370400440532013001', 'XX89370400440532013000'],
  },
  {
    id: 'account-labelled',
    class: 'account',
    digitsMin: 4,
    hints: [
      'account',
      'acct',
      'a/c',
      'konto',
      'cuenta',
      'compte',
      'sort code',
      'employee',
      'customer',
    ],
    lead: wide('i')`
      \b(?:(?:bank |checking |savings )?(?:account|acct|a\/c)|kontonummer|konto|cuenta
      |compte|sort code|employee|customer|member|policy)[ \t]{0,2}(?:number|no\.?|num\.?
      |nr\.?|id|#)?[ \t]{0,2}(?:=|:|is|#)?[ \t]{0,3}`,
    pattern: /[A-Z]{0,4}\d(?:[ -]?\d){4,19}(?![\w])/i,
    positive: ['account number: «12345678»', 'sort code «12-34-56»', 'Employee ID «E0012345»'],
    negative: ['account for 12345678', 'customer 12 of 20'],
  },
  {
    id: 'routing-number',
    class: 'account',
    digitsMin: 9,
    near: /\b(?:routing|aba|rtn)\b/i,
    pattern: /(?<![\w.])\d{9}(?!\w)/,
    check: (value) => weighted(value, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0,
    positive: ['routing number «021000021»'],
    negative: ['021000021', 'routing 021000022'],
  },
];
