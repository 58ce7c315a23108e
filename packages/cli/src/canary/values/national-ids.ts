// Numbers that states give to people and firms. The first list is what recognisers promise; the
// second is of others, so that the promise is not measured on itself alone.
import { randomInt } from 'node:crypto';
import { digit, digits, type Made, type Maker, number, pick, some, upper } from './alphabet.ts';
import { luhnDigit, mod11and10Digit, verhoeffDigit, weighed } from './checksums.ts';

const birthMonth = () => number(1, 13, 2);
const birthDay = () => number(1, 29, 2);
const elevens = (sum: number) => String(((sum * 10) % 11) % 10);

/** Draws bodies until one has a check digit. */
function untilDigit(draw: () => string, check: (body: string) => number): string {
  for (;;) {
    const body = draw();
    const found = check(body);
    if (found >= 0 && found < 10) return `${body}${found}`;
  }
}

function cpf(): string {
  const body = digits(9);
  const first = elevens(weighed(body, [10, 9, 8, 7, 6, 5, 4, 3, 2]));
  const second = elevens(weighed(body + first, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]));
  return `${body.slice(0, 3)}.${body.slice(3, 6)}.${body.slice(6)}-${first}${second}`;
}

function cnpj(): string {
  const body = `${digits(8)}0001`;
  const check = (text: string, weights: readonly number[]) => {
    const rest = weighed(text, weights) % 11;
    return String(rest < 2 ? 0 : 11 - rest);
  };
  const first = check(body, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]);
  const second = check(body + first, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]);
  const [a, b, c] = [body.slice(0, 2), body.slice(2, 5), body.slice(5, 8)];
  return `${a}.${b}.${c}/${body.slice(8)}-${first}${second}`;
}

function pesel(): Made {
  const body = `${number(50, 100)}${birthMonth()}${birthDay()}${digits(4)}`;
  const sum = weighed(body, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]);
  return ['PESEL ', body + ((10 - (sum % 10)) % 10)];
}

function germanTaxId(): Made {
  const order = [...digit].sort(() => randomInt(3) - 1).filter((each) => each !== '0');
  const body = `${order.slice(0, 9).join('')}${order[3]}`;
  return ['Steuer-ID ', `${body}${mod11and10Digit(body)}`];
}

const dniLetter = (value: number) => 'TRWAGMYFPDXBNJZSQVHLCKE'[value % 23];

function foreignersNumber(): string {
  const body = digits(7);
  const start = randomInt(3);
  return `${'XYZ'[start]}${body}${dniLetter(Number(`${start}${body}`))}`;
}

function frenchNumber(): string {
  const birth = `${randomInt(1, 3)}${number(40, 100)}${birthMonth()}`;
  const body = `${birth}${randomInt(10, 90)}${digits(6)}`;
  return `${body}${String(97n - (BigInt(body) % 97n)).padStart(2, '0')}`;
}

// What a character in an odd place counts, by its place in 0-9 and A-Z (D.M. 23 December 1976).
const oddValues = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];

function italianCode(): string {
  const letter = () => pick([...'BCDFGLMNPRSTV']);
  const name = Array.from({ length: 6 }, letter).join('');
  const birth = `${number(40, 100)}${pick([...'ABCDEHLMPRST'])}${birthDay()}`;
  const body = `${name}${birth}${letter()}${digits(3)}`;
  const value = (sign: string) => (digit.includes(sign) ? Number(sign) : upper.indexOf(sign));
  const sum = [...body].reduce(
    (total, sign, at) => total + (at % 2 === 0 ? (oddValues[value(sign)] ?? 0) : value(sign)),
    0,
  );
  return `${body}${upper[sum % 26]}`;
}

const nhsNumber = () =>
  untilDigit(
    () => `9${digits(8)}`,
    (body) => (11 - (weighed(body, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11,
  );

export const nationalIds: Readonly<Record<string, Maker>> = {
  socialSecurity: () => ['SSN ', `${number(110, 660)}-${number(10, 99)}-${number(1000, 9999)}`],
  nationalInsurance: () => [
    'NI number ',
    `${pick(['AB', 'CE', 'JK'])}${digits(6)}${pick(['A', 'C'])}`,
  ],
  nhs: () => ['NHS number ', nhsNumber()],
  germanTaxId,
  frenchNumber,
  spanishDni: () => {
    const value = randomInt(10_000_000, 99_999_999);
    return `${value}${dniLetter(value)}`;
  },
  foreignersNumber,
  italianCode,
  burgerservicenummer: () => [
    'BSN ',
    untilDigit(
      () => number(10_000_000, 99_999_999),
      (body) => weighed(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11,
    ),
  ],
  pesel,
  aadhaar: () => {
    const body = number(2, 9) + digits(10);
    return ['Aadhaar ', `${body}${verhoeffDigit(body)}`];
  },
  cpf,
  cnpj,
  socialInsurance: () => {
    const body = `${number(1, 8)}${digits(7)}`;
    return ['SIN ', `${body}${luhnDigit(body)}`];
  },
};

export const otherIds: Readonly<Record<string, Maker>> = {
  permanentAccount: () => [
    'PAN ',
    `${some(upper, 3)}P${some(upper, 1)}${digits(4)}${some(upper, 1)}`,
  ],
  finnish: () => {
    const birth = `${birthDay()}${birthMonth()}${number(40, 100)}`;
    const serial = number(10, 90) + digits(1);
    const check = '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(birth + serial) % 31];
    return `${birth}-${serial}${check}`;
  },
  swedish: () => {
    const body = `${number(40, 100)}${birthMonth()}${birthDay()}${digits(3)}`;
    return ['personnummer ', `${body.slice(0, 6)}-${body.slice(6)}${luhnDigit(body)}`];
  },
  belgian: () => {
    const body = `${number(50, 100)}${birthMonth()}${birthDay()}${digits(3)}`;
    return ['rijksregisternummer ', `${body}${String(97 - (Number(body) % 97)).padStart(2, '0')}`];
  },
  turkish: () => {
    const body = `${number(1, 9)}${digits(8)}`;
    const tenth = (((weighed(body, [7, -1, 7, -1, 7, -1, 7, -1, 7]) % 10) + 10) % 10).toString();
    return ['T.C. kimlik no ', `${body}${tenth}${weighed(body + tenth, Array(10).fill(1)) % 10}`];
  },
  southAfrican: () => {
    const body = `${number(50, 99)}${birthMonth()}${birthDay()}${digits(4)}08`;
    return ['ID number ', `${body}${luhnDigit(body)}`];
  },
  portuguese: () => [
    'NIF ',
    untilDigit(
      () => `2${digits(7)}`,
      (body) => (11 - (weighed(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11,
    ),
  ],
  australian: () => ['Medicare card ', `2${digits(9)} 1`],
  mexican: () => {
    const birth = `${number(50, 100)}${birthMonth()}${birthDay()}`;
    return ['CURP ', `${some(upper, 4)}${birth}H${some(upper, 5)}0${digits(1)}`];
  },
};
