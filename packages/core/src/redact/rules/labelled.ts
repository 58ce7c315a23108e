// What a label says: the rest of the line after `City:` or `Company:`, numbers after the name of an
// account, handles after the name of a service.
import { joined, wide } from '../pattern-lines.ts';
import type { RuleDraft } from '../rule.ts';

const opens = String.raw`(?<![\p{L}\p{N}])`;
const sign = joined`[ \t]{0,3}(?:[:=]|：)[ \t]{0,4}`;
const number = joined`
  [ \t]{0,2}(?:numbers?|no\.?|num\.?|nr\.?|id|code|#)?[ \t]{0,2}(?:[:=#]|is)?[ \t]{0,3}`;
const hasDigits = (value: string): boolean => (value.match(/\d/g)?.length ?? 0) >= 4;
const reference = /[A-Z]{0,6}[- ]?\d[\dA-Z]{0,12}(?:[-/. ]\d[\dA-Z]{0,12}){0,5}(?![\w])/i;

export const labelledRules: readonly RuleDraft[] = [
  {
    id: 'place-labelled',
    class: 'place',
    lead: wide('iu')`
      ${opens}(?:city|town|village|county|province|region|district|country|place of birth
      |birth ?place|hometown
        |ort|stadt|wohnort|geburtsort|land|ville|pays|ciudad|país|provincia|città|paese|cidade
        |plaats|stad|miasto|město|város
        |город|страна|город рождения|市|国)${sign}`,
    pattern: /[\p{Lu}\p{Lo}][\p{L}\p{M}.' ()-]{1,40}(?![\p{L}\p{M}])/u,
    positive: ['City: «Przemyśl»', 'Ort: «Bad Homburg»\nTel'],
    negative: ['city: none given', 'velocity: High'],
  },
  {
    id: 'address-labelled',
    class: 'address',
    digitsMin: 1,
    lead: wide('iu')`
      (?<![\p{L}\p{N}]|(?:mail|ip|mac|web|url|site|email|server|memory|wallet|base|start|end)[ ])
        (?:(?:street|home|postal|mailing|billing|shipping|delivery|work|office|business
        |current)[ ])?(?:address(?:[ ]line[ ]?\d)?|adresse|anschrift
        |dirección|direccion|indirizzo|endereço|adres|adresa|cím|adress|osoite|адрес|住所
        |地址)${sign}\n?[ \t]{0,8}`,
    pattern: /[\p{L}\p{N}][\p{L}\p{M}\p{N},.'/#() -]{4,90}(?![\p{L}\p{M}\p{N}])/u,
    check: (value) => /\d/.test(value) && /\p{L}{2}/u.test(value),
    positive: ['Address: «12/4 Long Row, Upper Town»', 'Adresse:\n«Am Anger 3, 99084 Erfurt»'],
    negative: ['IP address: 10 or so', 'address: unknown'],
  },
  {
    id: 'organisation-labelled',
    class: 'organisation',
    lead: wide('iu')`
      ${opens}(?:company|company name|organi[sz]ation|employer|business name|firm|firma|arbeitgeber
      |unternehmen|société|entreprise
        |employeur|empresa|azienda|società|datore di lavoro|bedrijf|werkgever|firma|pracodawca|bolag
        |организация|компания|会社名|公司)${sign}`,
    pattern: /[\p{Lu}\p{Lo}\d][\p{L}\p{M}\p{N}.,&'+ -]{1,50}(?![\p{L}\p{M}\p{N}])/u,
    positive: ['Company: «Krogh & Sons»', 'Arbeitgeber: «Stadtwerke Nord»\nSeit'],
    negative: ['company: tbd', 'accompany: No'],
  },
  {
    id: 'account-number',
    class: 'account',
    digitsMin: 4,
    lead: wide('iu')`
      ${opens}(?:(?:bank|checking|savings|brokerage|customer|client|member(?:ship)?|loyalty|policy
      |insurance|subscriber|user|student|employee|staff
        |personnel|payroll|badge|contract|case|claim|loan|mortgage|account|acct|a\/c|iban|sort code
        |routing|bsb|matricule|kunden|konto|personal|mitglieds
        |vertrags|versicherungs|compte|cuenta|conto|rekening|klant)(?:[ ]?-?(?:account|number|nummer
        |nr|code))?)${number}`,
    pattern: reference,
    check: hasDigits,
    positive: [
      'Account number: «7781234»',
      'employee ID «E48213»',
      'Kundennummer: «K-2291-44»',
      'sort code «20-00-00»',
    ],
    negative: ['account 12', 'case closed', 'the account is new'],
  },
  {
    id: 'bank-code',
    class: 'account',
    lead: /(?<![\w])(?:bic|swift|swift code|bic code)[ \t]{0,3}[:=]?[ \t]{0,3}/i,
    pattern: /[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![\w])/,
    positive: ['BIC: «DEUTDEFF500»', 'SWIFT «NWBKGB2L»'],
    negative: ['swift answer', 'BIC unknown'],
  },
  {
    id: 'health-number',
    class: 'health-id',
    digitsMin: 4,
    lead: wide('iu')`
      ${opens}(?:nhs|mrn|medical record|patient|health card|health insurance|medicare|medicaid
      |hospital|versichertennummer|krankenkasse|krankenversicherung
        |carte vitale|sécurité sociale|tarjeta sanitaria|tessera sanitaria|npi|dea)${number}`,
    pattern: reference,
    check: hasDigits,
    positive: ['MRN: «00482913»', 'patient ID «P-20931»', 'Versichertennummer «A123456780»'],
    negative: ['patient 12', 'hospital bed'],
  },
  {
    id: 'tax-number',
    class: 'tax-id',
    digitsMin: 5,
    lead: wide('iu')`
      ${opens}(?:tax(?:payer)?(?:[ ]id(?:entification)?)?|tin|itin|ein|utr|vat(?:[ ]id)?|vat reg
      |ust-?id(?:nr\.?)?|steuer(?:nummer|-?nr|-?id)|nif|cif|siret|siren|partita iva
      |p\.?[ ]?iva
        |btw|nip|regon|ičo|dič|gst(?:in)?|abn|cnpj|rut|rfc|inn|инн)${number}`,
    pattern: /(?:[A-Z]{2}[ ]?)?\d[\dA-Z]{0,14}(?:[-/. ]\d{1,10}){0,4}(?![\w])/i,
    check: (value) => (value.match(/\d/g)?.length ?? 0) >= 7,
    positive: [
      'Tax ID: «12-3456789»',
      'USt-IdNr. «DE136695976»',
      'Steuernummer: «181/815/08155»',
      'VAT no «GB999 9999 73»',
    ],
    negative: ['tax 2024', 'tin can', 'rfc 9110'],
  },
  {
    id: 'health-card-german',
    class: 'health-id',
    digitsMin: 9,
    pattern: /(?<![\w])[A-Z]\d{9}(?![\w])/,
    near: /\b(?:versichert\w{0,12}|krankenkasse|kvnr|gesundheitskarte|insurance)\b/i,
    positive: ['KVNR «A123456780»'],
    negative: ['A123456780', 'KVNR A1234'],
  },
  {
    id: 'handle',
    class: 'handle',
    hints: ['@'],
    pattern: /(?<![\w.@/:+-])@[\p{L}_][\p{L}\p{N}_.]{1,30}(?<![.])(?![\p{L}\p{N}_/(@-])/u,
    check: isHandle,
    positive: ['what «@forddennis» posted', 'cc «@Ana_Lim92».', '«@bobby12» logged in'],
    negative: ['npm i @scope/name', '@media print', '@Override', 'a@b.example', '@param x'],
  },
  {
    id: 'handle-labelled',
    class: 'handle',
    lead: wide('iu')`
      ${opens}(?:user ?names?|user ?id|login(?:[ ]name)?|screen ?name|handle|nick(?:name)?
      |account name|twitter|x handle|instagram|github|gitlab|skype(?:[ ]id|[ ]name)?|telegram
        |discord|slack|mastodon|tiktok|snapchat|linkedin|benutzername|benutzer|utilisateur
        |identifiant|usuario|utente|gebruikersnaam|użytkownik|логин)(?:[ ]is)?${sign}["']?`,
    pattern: /@?[\p{L}\p{N}][\p{L}\p{N}_.#-]{2,40}(?![\p{L}\p{N}_@])/u,
    check: (value) => !noHandle.test(value),
    positive: ['Username: «j.doe82»', 'GitHub: «annlim»', 'login=«mkowalski»'],
    negative: ['username: string', 'login page', 'user name is required'],
  },
  {
    id: 'age-between-commas',
    class: 'age',
    digitsMin: 2,
    lead: /\p{Lu}[\p{L}\p{M}'-]{1,20} \p{Lu}[\p{L}\p{M}'-]{1,25}(?:, | \()/u,
    pattern: /(?:1[01]\d|[1-9]\d)(?=[,)])/,
    positive: ['Irene Williams, «44», Dunn', 'Kornel Szwaj («65»)'],
    negative: ['Figure 3, 44, 45', 'Irene Williams, 4400,'],
  },
];

const noHandle = wide('i')`
  ^(?:string|null|undefined|none|true|false|required|optional|root|admin|user|name|text|number
  |unknown
  |anonymous|guest)$`;

/** Rules of style sheets, decorators and tags of comments begin with @ too. */
function isHandle(value: string): boolean {
  const name = value.slice(1);
  if (/^[A-Z][a-z]+(?:[A-Z][a-z]+)*$/.test(name)) return false;
  return !notHandles.has(name.toLowerCase());
}

const notHandles = new Set(
  `media import charset font-face keyframes supports layer page namespace container property apply
   tailwind screen include mixin extend use forward function return returns if else each for while
   param params type typedef typeparam template throws exception see link since version author
   deprecated
   override internal private public protected readonly static abstract class constructor example
   default
   todo summary remarks file license copyright package module name description async await callback
   event
   property prop enum implements interface namespace global ignore memberof kind alias borrows test
   before
   after app all here everyone channel ts-ignore ts-expect-error vitest jest`.split(/\s+/),
);
