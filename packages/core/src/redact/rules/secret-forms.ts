// Secrets known by their form: signed tokens, private key blocks, password hashes, wallet keys, and
// strings with no known owner that look drawn at random.

import { isLongHex, looksRandom, shannonBits, wordiness } from '../entropy.ts';
import { wide } from '../pattern-lines.ts';
import type { RuleDraft } from '../rule.ts';

const digestWords = wide('im')`
    \b(?:commit|sha-?(?:1|224|256|384|512)|md5|digest|checksum|integrity|etag|hash|revision
    |blob|tree|fingerprint|git)\b[^\n]{0,24}$`;

/** In a path or an address, a hexadecimal piece is a content hash; only the rest is judged. */
function isUnknownKey(value: string): boolean {
  if (/^sha(?:1|224|256|384|512)-/i.test(value)) return false;
  const isPath = /^[./~]|\/\/|^[A-Za-z0-9-]{1,63}\.[a-z]{2,6}\//.test(value) || pathLike(value);
  if (!isPath) return looksRandom(value) || value.split(/[_.-]/).some(isLongAndRandom);
  return value
    .split(/[/.=]/)
    .some((piece) => piece.length >= 20 && !isLongHex(piece) && looksRandom(piece));
}

function isLongAndRandom(piece: string): boolean {
  return piece.length >= 20 && looksRandom(piece);
}

function pathLike(value: string): boolean {
  const pieces = value.split('/');
  const words = pieces.filter(
    (piece) => /^[a-z][a-z._-]{2,}$/i.test(piece) && wordiness(piece) > 0.7,
  );
  return pieces.length > 2 && words.length * 2 >= pieces.length;
}

export const secretFormRules: readonly RuleDraft[] = [
  {
    id: 'jwt',
    class: 'secret',
    hints: ['eyj'],
    pattern: wide('')`
        (?<![A-Za-z0-9_])eyJ[A-Za-z0-9_-]{5,8000}\.[A-Za-z0-9_-]{2,8000}(?:\.[A-Za-z0-9_-
        ]{0,8000}){0,3}`,
    positive: [
      'Bearer «eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P»',
    ],
    negative: ['eyJ', 'eyJhbGciOiJIUzI1NiJ9'],
  },
  {
    id: 'private-key-block',
    class: 'secret',
    hints: ['private key', 'begin pgp'],
    pattern: wide('i')`
        -----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[^-]
        |-(?!-)){1,20000}(?:-----END [A-Z0-9 ]{0,40}-----)?`,
    positive: [
      '«-----BEGIN RSA PRIVATE KEY-----\nMIIBOgIBAAJB\n-----END RSA PRIVATE KEY-----» y',
      '«-----BEGIN PRIVATE KEY-----\\nMIIBOgIBAAJBAKj34GkxFhD9\\n»',
    ],
    negative: ['-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----'],
  },
  {
    id: 'putty-key',
    class: 'secret',
    hints: ['private-lines'],
    lead: /Private-Lines: \d{1,4}\s{1,4}/i,
    pattern: /(?:[A-Za-z0-9+/=]{1,64}\r?\n){1,80}[A-Za-z0-9+/=]{1,64}/,
    positive: ['Private-Lines: 2\n«AAAAgFbZ1t0C5r\nBb3dE5fG7hJ9kL»'],
    negative: ['Public-Lines: 2\nAAAAgFbZ1t0C5r'],
  },
  {
    id: 'password-hash',
    class: 'secret',
    hints: ['$'],
    pattern: wide('')`
        (?<![\w$])\$(?:2[abxy]?\$\d{2}\$[./A-Za-z0-9]{53}|argon2(?:id|i|d)\$[^\s"']{20,300}
        |[156y]\$[./A-Za-z0-9$]{20,200}|scrypt\$[^\s"']{20,300}
        |pbkdf2[a-z0-9-]{0,10}\$[^\s"']{20,300})`,
    positive: [
      '«$2b$12$aB3dE5fG7hJ9kL1mN3pQ5raB3dE5fG7hJ9kL1mN3pQ5raB3dE5fG7»',
      '«$6$salt$aB3dE5fG7hJ9kL1mN3pQ5r»',
    ],
    negative: ['$100', '$1 and $2'],
  },
  {
    id: 'wallet-key',
    class: 'secret',
    pattern: wide('')`
        (?<![A-Za-z0-9])(?:[5KL][1-9A-HJ-NP-Za-km-z]{50,51}
        |[xyzt]prv[1-9A-HJ-NP-Za-km-z]{100,112}|0x[0-9a-fA-F]{64})(?![A-Za-z0-9])`,
    positive: [
      '«5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ»',
      `«0x${'3f9a1c7e5b2d8046'.repeat(4)}»`,
    ],
    negative: ['0x3f9a1c7e', '5Hue'],
  },
  {
    id: 'unknown-token',
    class: 'secret',
    pattern: /(?<![A-Za-z0-9_+/.~-])[A-Za-z0-9_+/.~-]{16,1024}(?<![./~-])={0,2}/,
    notNear: digestWords,
    check: isUnknownKey,
    positive: [
      '«8dh3kf92mslq04nxz7ct»',
      'SOME_SETTING=«9f86d081884c7d659a2feaa0c55ad015»',
      '«acme_customer_service_live_9f86d081884c7d659a2feaa0c55ad015»',
      '«9f86d081884c7d659a2feaa0c55ad015»',
      '«Zk8vQ2xW9rT4yB7n»,',
    ],
    negative: [
      'getElementsByClassNameAndTagName2',
      'x86_64-pc-windows-msvc',
      'astc-10x10-unorm-srgb',
      'commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b',
      'src/components/navigation/index-v2.test.tsx',
      '//example.org/commit/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b',
      '123e4567-e89b-12d3-a456-426614174000',
      'MAX_SEGMENT_BYTES_PER_DAY_2024',
      'report-2024-01-15-final-v2.docx',
    ],
  },
  {
    id: 'product-key',
    class: 'secret',
    digitsMin: 2,
    pattern: /(?<![\w-])[A-Z0-9]{5}(?:-[A-Z0-9]{5}){3,5}(?![\w-])/,
    check: (value) => /[A-Z]/.test(value) && /[0-9]/.test(value),
    positive: ['key «VK7JG-NPHTM-C97JM-9MPGT-3V66T»'],
    negative: ['12345-12345-12345-12345', 'AB-CD-EF-12'],
  },
  {
    id: 'forty-characters',
    class: 'secret',
    pattern: /(?<![A-Za-z0-9/+=.])(?=.{0,39}[0-9])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=.])/,
    notNear: digestWords,
    check: (value) =>
      /[a-z]/.test(value) &&
      /[A-Z]/.test(value) &&
      shannonBits(value) > 4 &&
      wordiness(value) < 0.68,
    positive: ['use «wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»'],
    negative: ['src/components/Navigation/TableViewTest2'],
  },
  {
    id: 'symbol-password',
    class: 'secret',
    pattern: /(?<!\S)[A-Za-z0-9!#$%^&*@?_+=~.-]{10,64}(?!\S)/,
    check: looksLikePassword,
    positive: ['«xK9#mP2$vL5n»', 'try «P@ssw0rd!2024x»', '«$wK9#mP2vL5n»', '«aB3xK9mQ2pLz»'],
    negative: [
      'hello@example.org',
      'foo.bar(baz)',
      'a+b=c',
      'https://x.example',
      '$100,000.00',
      'C++20!',
    ],
  },
  {
    id: 'seed-phrase-labelled',
    class: 'secret',
    hints: ['seed', 'recovery', 'mnemonic', 'backup phrase'],
    lead: wide('i')`
      \b(?:seed|recovery|mnemonic|backup|secret)[ -]?(?:phrase|words|seed
      |code)?[ \t]{0,2}(?:is|=|:|-)[\s"']{0,4}`,
    pattern: /[a-z]{3,8}(?:[ ,\n][ ,]?[ ,]?[a-z]{3,8}){11,23}(?![a-z])/i,
    positive: [
      'Seed phrase: «legal winner thank year wave sausage worth useful legal winner thank yellow»',
    ],
    negative: ['recovery: it went well', 'legal winner thank year wave'],
  },
];

/** A word without spaces that mixes four kinds of characters, as password rules ask for. */
function looksLikePassword(value: string): boolean {
  if (/@[\w-]{1,63}\./.test(value) || /:\/\/|^[\d.,%$-]{1,64}$/.test(value)) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[!#$%^&*@?]/].filter((kind) => kind.test(value));
  if (kinds.length === 4 && !/^\W|=/.test(value)) return true;
  const words = wordiness(value);
  if (/[!#$%^&*@?]/.test(value)) return kinds.length >= 3 && /[A-Z0-9]/.test(value) && words < 0.4;
  return kinds.length === 3 && /^[A-Za-z0-9]{1,64}$/.test(value) && words < 0.25;
}
