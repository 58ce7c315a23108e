// E-mail addresses and telephone numbers. Bare digit strings are phones only beside a word that
// says so; shapes that people write phones in, and international ones, need none.
import { wide } from '../pattern-lines.ts';
import type { RuleDraft } from '../rule.ts';

const phoneWords = wide('i')`
    \b(?:phone|tele?phone|tel|mobile|mob|cell|cellphone|fax|call(?:ed|ing)?|dial|ring
    |reach(?:ed)?|my number|number is|answering|messages? (?:to|from)|text(?:ed|ing)?|whatsapp
    |signal|sms|desk
    |office|hotline|landline|contact|registered|voicemail|handy|telefon|telefoon|telefono
    |téléphone|teléfono|portable|móvil|celular|cellulare|komórka|numer|rufnummer|mobil
    |puhelin|телефон)\b`;

export const contactRules: readonly RuleDraft[] = [
  {
    id: 'email',
    class: 'email',
    hints: ['@'],
    pattern: wide('u')`
        (?<![\p{L}\p{N}_])(?!git@)[\p{L}\p{N}_][\p{L}\p{N}._%+'~-]{0,63}@(?:[\p{L}\p{N}-
        ]{1,63}\.){1,8}[\p{L}][\p{L}\p{N}-]{1,23}`,
    positive: [
      'write to «jane.doe+news@mail.example.co.uk».',
      '<«müller@bücher.example»>',
      'email=«a_b%c@example.org»&x=1',
      "«o'neil@example.com»",
    ],
    negative: ['npm i @scope/name@1.2.3', 'git@github.com:org/repo.git', '@handle and a@b'],
  },
  {
    id: 'email-spelled-out',
    class: 'email',
    hints: ['at'],
    pattern: wide('i')`
        \b[A-Za-z0-9][A-Za-z0-9._+-]{0,63} ?[[({<] ?at ?[\])}>] ?[A-Za-z0-9-]{1,63}(?: ?(?:
        \.|[[({<] ?dot ?[\])}>]) ?[A-Za-z0-9-]{2,24})(?: ?(?:\.
        |[[({<] ?dot ?[\])}>]) ?[A-Za-z0-9-]{2,24})?`,
    positive: ['«jane (at) example (dot) org»', '«jane.doe[at]example.com»'],
    negative: ['meet at example dot', 'look (at) this'],
  },
  {
    id: 'phone-international',
    class: 'phone',
    digitsMin: 8,
    pattern: /(?<![\w+.])(?:\+|00)[1-9](?:[\d ()./-]){5,27}\d(?![\dA-Za-z])/,
    windows: [8, 17],
    check: (digits) => digits.startsWith('00') || digits.length <= 15,
    positive: [
      'at «+49 (0)30 901820-0»',
      '«+14155552671»',
      '«0044 20 7946 0958».',
      'tel:«+1-202-555-0147»',
    ],
    negative: ['1 + 1 = 2', 'a+12 b+34', 'x+1234'],
  },
  {
    id: 'phone-shape',
    class: 'phone',
    digitsMin: 8,
    pattern: wide('i')`
        (?<![\w.\-$€£+])(?:(?:1[ .-])?(?:\(\d{2,5}\) ?[.-]?|\d{3}[ .-])\d{3,4}[ .-]?\d{4}
        |0\d(?:[ .-]\d{2}){4}|0\d{2,4}[ -]\d{3,4}[ -]\d{3,4}
        |\(?0\d{2,4}\)?[ /-]{1,3}\d{4,9})(?: ?(?:x|ext\.?) ?\d{1,6})?(?![\w-]|\.\d)`,
    positive: [
      'is «(202) 555-0147»,',
      '«202.555.0147 x12»',
      '«01 23 45 67 89»',
      '«020 7946 0958»',
      '«030/9018200»',
      '«202-555-0147»',
    ],
    negative: ['2024-01-15', '1.2.3.4', 'pages 100-200', 'id 3000-4000-5000-6000', '$100 200 3000'],
  },
  {
    id: 'phone-labelled',
    class: 'phone',
    digitsMin: 6,
    near: phoneWords,
    notNear: /\b(?:version|invoice|order|ticket|build|port)\b/i,
    pattern: /(?<![\w.$€£])(?!(?:19|20)\d\d[-/.]\d)[+(]{0,2}\d[\d ()./-]{4,24}\d(?!\w|\.\d|%)/,
    windows: [6, 15],
    check: (digits) => !/^(?:19|20)\d{6}$/.test(digits),
    positive: [
      'call me on «668 5702»',
      'Phone: «99 668472»',
      'fax «5551234»',
      '«2025550147» office',
    ],
    negative: ['it took 668 5702 steps', 'call me in 5 minutes', 'call by 2024-01-15'],
  },
];
