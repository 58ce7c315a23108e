// Numbers and dates that have no checksum and are known by the words before them.
import { joined, wide } from '../pattern-lines.ts';
import type { RuleDraft } from '../rule.ts';

const hasDigit = (value: string): boolean => /\d/.test(value);
const number = joined`
  [ \t]{0,2}(?:numbers?|no\.?|num\.?|nr\.?|id|#)?[ \t]{0,2}(?:=|:|is|#)?[ \t]{0,3}`;
const code = /(?:[A-Z0-9]{1,4}[ -])?[A-Z0-9]{4,20}(?:-[A-Z0-9]{1,8}){0,4}(?![\w])/i;

export const documentRules: readonly RuleDraft[] = [
  {
    id: 'passport',
    class: 'passport',
    digitsMin: 5,
    lead: new RegExp(
      `\\b(?:passport|reisepass|passeport|pasaporte|passaporto|paspoort)${number}`,
      'i',
    ),
    pattern: code,
    check: (value) => (value.match(/\d/g)?.length ?? 0) >= 5,
    positive: ['passport no. «C01X00T471»', 'Passport: «123456789»'],
    negative: ['passport office', 'a passport costs 12345'],
  },
  {
    id: 'driving-licence',
    class: 'licence',
    digitsMin: 4,
    hints: ['licen', 'dl', 'führerschein', 'permis', 'patente', 'rijbewijs'],
    lead: wide('i')`
      \b(?:driv(?:er'?s?|ing)[ \t]licen[cs]e|dl|führerschein|permis de conduire
      |licencia de conducir|patente|rijbewijs)${number}`,
    pattern: code,
    check: hasDigit,
    positive: [
      "driver's license number is «U62928788557186»",
      'driving licence: «MORGA657054SM9IJ»',
    ],
    negative: ["driver's license renewal", 'software license 12345'],
  },
  {
    id: 'birth-date',
    class: 'birth-date',
    digitsMin: 4,
    lead: wide('i')`
      \b(?:born(?:[ \t]on)?|date of birth|birth ?date|birthday|d\.?o\.?b\.?|geboren(?: am)?
      |geburtsdatum|né\(?e?\)? le|nacido el|fecha de nacimiento
      |data di nascita)[ \t]{0,2}(?:=|:|is)?[ \t]{0,3}`,
    pattern: wide('')`
        (?:\d{1,4}[./ -]\d{1,2}[./ -]\d{1,4}|\d{1,2}(?:st|nd|rd|th
        |\.)? [A-Za-z]{3,9}\.?,? \d{4}|[A-Za-z]{3,9}\.? \d{1,2}(?:st|nd|rd
        |th)?,? \d{4})(?!\d)`,
    positive: ['born on «7/30/1964».', 'DOB: «1980-02-29»', 'date of birth: «3 March 1975»'],
    negative: ['released on 7/30/1964', 'born in Berlin'],
  },
];
