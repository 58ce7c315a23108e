// National identity, insurance and tax numbers. Checksummed ones need no label; where the check is
// weak and the digits plain, a word nearby or the issuer's own grouping is asked for.
import * as europe from '../checksums/national-europe.ts';
import * as world from '../checksums/national-world.ts';
import type { RuleDraft } from '../rule.ts';

const nineToFifteen = /(?<![\w]|\d[.,])\d(?:[ .\-/]{0,2}\d){8,30}(?![\w])/;

type Country = Pick<RuleDraft, 'id' | 'check' | 'positive' | 'negative'> & Partial<RuleDraft>;

function digits(length: number, country: Country): RuleDraft {
  return {
    class: 'national-id',
    digitsMin: length,
    pattern: nineToFifteen,
    windows: [length, length],
    notNear: /\b(?:isbn|issn|doi)\b/i,
    ...country,
  };
}

function lettered(country: Country & Pick<RuleDraft, 'pattern'>): RuleDraft {
  return { class: 'national-id', digitsMin: 5, windows: [8, 18], ...country };
}

const european: readonly RuleDraft[] = [
  lettered({
    id: 'nino',
    pattern: /(?<![A-Z0-9])[A-Z]{2}[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D](?![A-Z0-9])/i,
    check: europe.isNino,
    positive: ['«AB 12 34 56 C»', 'ni «jg103759a».'],
    negative: ['AB123456E', 'A1234567B', 'XAB123456C'],
  }),
  digits(10, {
    id: 'nhs-number',
    near: /\b(?:nhs|patient|health)\b/i,
    check: europe.isNhsNumber,
    positive: ['NHS no «943 476 5919»'],
    negative: ['9434765919', 'NHS 943 476 5918'],
  }),
  digits(11, {
    id: 'steuer-id',
    check: europe.isSteuerId,
    positive: ['Steuer-ID «86095742719»', '«47 036 892 816»'],
    negative: ['86095742718', '12345678901'],
  }),
  lettered({
    id: 'insee',
    digitsMin: 13,
    pattern:
      /(?<![A-Z0-9])[1-478](?:[ .-]{0,2}\d){4}[ .-]{0,2}\d[ .-]?[0-9AB](?:[ .-]{0,2}\d){8}(?!\w)/i,
    windows: [15, 15],
    check: europe.isInsee,
    positive: ['«255081416802538»', 'n° «2 55 08 14 168 025 38»'],
    negative: ['255081416802539', '955081416802538'],
  }),
  lettered({
    id: 'dni',
    pattern: /(?<![A-Z0-9])(?:[XYZ][ -]?)?\d(?:\.?\d){6,7}[ -]?[A-Z](?![A-Z0-9])/i,
    windows: [9, 9],
    check: europe.isDniOrNie,
    positive: ['DNI «12345678Z»', '«12.345.678-z»', 'NIE «X1234567L»'],
    negative: ['12345678A', 'X1234567A'],
  }),
  digits(12, {
    id: 'spanish-social-security',
    near: /\b(?:seguridad social|nuss|naf|afiliación|afiliacion)\b/i,
    check: europe.isSpanishSocialSecurity,
    positive: ['seguridad social «281234567840»'],
    negative: ['281234567840', 'naf 281234567841'],
  }),
  lettered({
    id: 'codice-fiscale',
    pattern: /(?<![A-Z0-9])[A-Z]{3} ?[A-Z]{3} ?[A-Z0-9]{5} ?[A-Z][A-Z0-9]{3} ?[A-Z](?![A-Z0-9])/i,
    windows: [16, 16],
    check: europe.isCodiceFiscale,
    positive: ['CF «RSSMRA85T10A562S»', '«rss mra 85t10 a562s»'],
    negative: ['RSSMRA85T10A562T', 'ABCDEF12345G678H'],
  }),
  digits(9, {
    id: 'bsn',
    check: europe.isBsn,
    positive: ['BSN: «111222333»', '«1234 56 782»'],
    negative: ['111222334', '000000000'],
  }),
  digits(11, {
    id: 'pesel',
    check: europe.isPesel,
    positive: ['PESEL «44051401359»'],
    negative: ['44051401358', '44991401359'],
  }),
  digits(11, {
    id: 'rijksregisternummer',
    check: europe.isBelgianNumber,
    positive: ['«85.07.30-033.28»'],
    negative: ['85.07.30-033.29'],
  }),
  lettered({
    id: 'personnummer',
    pattern: /(?<![\w.])(?:19|20)?\d{6}[-+]\d{4}(?!\w)/,
    windows: [10, 12],
    check: europe.isPersonnummer,
    positive: ['«811218-9876»', '«19811218-9876»'],
    negative: ['811218-9875', '8112189876x'],
  }),
  digits(11, {
    id: 'fodselsnummer',
    check: europe.isFodselsnummer,
    positive: ['fnr «15076500565»'],
    negative: ['15076500566'],
  }),
  lettered({
    id: 'henkilotunnus',
    pattern: /(?<![\w.])\d{6}[-+A]\d{3}[0-9A-Y](?!\w)/i,
    windows: [10, 11],
    check: europe.isHenkilotunnus,
    positive: ['«131052-308T»'],
    negative: ['131052-308U'],
  }),
  digits(13, {
    id: 'ahv',
    check: europe.isAhv,
    positive: ['AHV «756.9217.0769.85»'],
    negative: ['756.9217.0769.84'],
  }),
];

const worldwide: readonly RuleDraft[] = [
  lettered({
    id: 'ssn',
    digitsMin: 9,
    pattern: /(?<![\w.]|\d-)\d{3}([ .-])\d{2}[ .-]\d{4}(?!\w|-\d)/,
    windows: [9, 9],
    check: world.isSsn,
    positive: ['SSN «536-22-1234»', '«536 22 1234»,'],
    negative: ['666-22-1234', '536-00-1234', '1-536-22-1234'],
  }),
  digits(9, {
    id: 'ssn-labelled',
    near: /\b(?:ssn|social security|itin|taxpayer|tin)\b/i,
    positive: ['ssn «536221234»', 'Social Security number is «853-37-1694»'],
    negative: ['order 536221235'],
    check: (value) => value.length === 9,
  }),
  digits(9, {
    id: 'sin',
    check: world.isSin,
    positive: ['SIN «130 692 544»', '«130692544»'],
    negative: ['130692545', '046454287'],
  }),
  digits(11, {
    id: 'cpf',
    check: world.isCpf,
    positive: ['CPF «529.982.247-25»', '«52998224725»'],
    negative: ['529.982.247-26', '11111111111'],
  }),
  digits(14, {
    id: 'cnpj',
    check: world.isCnpj,
    positive: ['«11.222.333/0001-81»'],
    negative: ['11.222.333/0001-82'],
  }),
  digits(12, {
    id: 'aadhaar',
    check: world.isAadhaar,
    positive: ['«2341 2341 2346»', 'uid «234123412346»'],
    negative: ['2341 2341 2347', '134123412346'],
  }),
  lettered({
    id: 'chinese-id',
    digitsMin: 17,
    pattern: /(?<!\w)\d{17}[0-9X](?!\w)/i,
    windows: [18, 18],
    check: world.isChineseId,
    positive: ['«11010519491231002X»'],
    negative: ['110105194912310021'],
  }),
  digits(13, {
    id: 'korean-id',
    check: world.isKoreanId,
    positive: ['«900101-1234568»'],
    negative: ['900101-1234567'],
  }),
  digits(11, {
    id: 'turkish-id',
    check: world.isTurkishId,
    positive: ['«10000000146»'],
    negative: ['10000000147'],
  }),
  digits(13, {
    id: 'south-african-id',
    check: world.isSouthAfricanId,
    positive: ['«8001015009087»'],
    negative: ['8001015009088'],
  }),
  lettered({
    id: 'nric',
    pattern: /(?<!\w)[STFGM]\d{7}[A-Z](?!\w)/i,
    windows: [9, 9],
    check: world.isNric,
    positive: ['«S1234567D»'],
    negative: ['S1234567E'],
  }),
];

export const nationalIdRules: readonly RuleDraft[] = [...european, ...worldwide];
