// Sentences and screen texts of our own, with names that come from another package than those that
// redaction reads, so that a rule which fits one set only shows.
import { Chance } from 'chance';
import type { LabelledText, Span } from './labelled-text.ts';

const personal = [
  'I spoke with {person} about the invoice yesterday.',
  'Please forward this to {first} before lunch.',
  'Meeting notes: {first}, {first} and {last} agreed on the plan.',
  'Dear {first},\n\nthank you for your message.\n\nBest regards,\n{person}\n{company}',
  'The package goes to {street}, {city}, {state} {zip}',
  'She lives at {street} and works for {company}.',
  'He was born in {city} on {date}.',
  'The patient, {person}, {age} years old, was admitted on {date}.',
  'My number is {phone}, mail me at {email}.',
  '{first} moved to {country} with her husband.',
  'Have you seen what {handle} posted?',
  'Assigned to {person}',
  'From: {person} <{email}>\nTo: {person}\nSubject: budget',
  'Name: {person}\nCity: {city}\nPhone: {phone}\nZIP: {zip}',
  'First name\n{first}\nLast name\n{last}',
  'Chat with {person}',
  '10:30 Call with {person}',
  '{person} is typing...',
  'Payment to {company} failed',
  'Welcome back, {first}!',
  '{last}, {first}',
];
const ordinary = [
  'Save changes before closing?',
  'File\tEdit\tView\tInsert\tFormat\tTools\tHelp',
  'Total amount due: 1,234.56 EUR',
  'The build finished in 42 seconds without errors.',
  'const total = items.reduce((sum, item) => sum + item.price, 0);',
  'Quarterly Revenue Report (Draft)',
  'Your session will expire in 5 minutes.',
  'Home > Settings > Notifications',
  'Error 404: Not Found',
  'SELECT id, name FROM users WHERE active = 1;',
  'Project Status: On Track',
  'Product Name\tQty\tUnit Price\nBlue Wireless Mouse\t2\t19.99',
  'Bitte wählen Sie eine Option aus.',
  'Enregistrer sous',
  'Mark all as read',
];
const givenNames = ['en', 'it', 'nl', 'fr'] as const;
const familyNames = ['en', 'it', 'nl', 'fr', 'de', 'es', 'uk', 'jp'] as const;

export function ownTexts(count: number): readonly LabelledText[] {
  const chance = new Chance(20_261_124);
  return Array.from({ length: count }, (_, each): LabelledText => {
    if (each % 4 === 3) return { text: chance.pickone(ordinary), spans: [], template: each };
    const template = each % personal.length;
    return filled(personal[template] ?? '', template, chance);
  });
}

function filled(template: string, number: number, chance: Chance.Chance): LabelledText {
  const spans: Span[] = [];
  let text = '';
  for (const part of template.split(/(\{\w+\})/)) {
    const type = /^\{(\w+)\}$/.exec(part)?.[1];
    const value = type === undefined ? part : madeUp(type, chance);
    if (type !== undefined)
      spans.push({ type, start: text.length, end: text.length + value.length });
    text += value;
  }
  return { text, spans, template: number };
}

function madeUp(type: string, chance: Chance.Chance): string {
  const first = () => chance.first({ nationality: chance.pickone([...givenNames]) as 'en' });
  const last = () => chance.last({ nationality: chance.pickone([...familyNames]) as 'en' });
  const values: Readonly<Record<string, () => string>> = {
    first,
    last,
    person: () => `${first()} ${last()}`,
    company: () => chance.company(),
    street: () => chance.address(),
    city: () => chance.city(),
    state: () => chance.state(),
    zip: () => chance.zip(),
    date: () => chance.date({ string: true }).toString(),
    age: () => String(chance.age()),
    phone: () => chance.phone(),
    email: () => chance.email(),
    handle: () => chance.twitter(),
    country: () => chance.country({ full: true }),
  };
  return (values[type] ?? (() => ''))();
}
