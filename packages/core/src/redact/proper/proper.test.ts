import '@handrail/testbed/redaction-sources';
import { describe, expect, test } from 'vitest';
import { findInText } from '../find.ts';
import type { FindingClass } from '../finding.ts';

/** What is to be found stands between « and »; what is found comes back marked like that. */
function marked(text: string, classes: readonly FindingClass[]): string {
  let out = '';
  let from = 0;
  for (const found of findInText(text)) {
    if (!classes.includes(found.class)) continue;
    out += `${text.slice(from, found.start)}«${text.slice(found.start, found.end)}»`;
    from = found.end;
  }
  return out + text.slice(from);
}

const plain = (text: string): string => text.replace(/[«»]/g, '');

describe('persons', () => {
  test.each([
    'I spoke with «Miriam Okonkwo» about the invoice.',
    'Please ask «Dubravka» to sign.',
    '«Szymon Wiśniewski» will join the call.',
    'my name is «ludvik hora»',
    'Dear «Yetunde»,\nthank you',
    'Best regards,\n«Ana-Lucia de la Torre»',
    'Assigned to «Keisuke Tanaka»',
    'From: «Oyelaran Bisi» <x>',
    'First name\n«Tove»\nsize',
    '«Vreeland», «Hendrika»',
    'see Dr. «Achterberg» tomorrow',
    'Why is «Lucinda» so late?',
    '«Halldóra»: are you there?',
    '«Brunhilde»’s desk',
    'Lunch w/ «Zuzana» + «Emeka»',
  ])('%s', (text) => expect(marked(plain(text), ['person'])).toBe(text));

  test.each([
    'Имя: «Иван Петров»',
    'Сегодня «Дмитрий Соколов» подписал договор',
    'Όνομα «Γιώργος Παπαδόπουλος» εδώ',
    '姓名：«王小明»',
    'الاسم: «محمد الأحمد»',
    'שם: «דוד לוי»',
  ])('in its own script: %s', (text) => expect(marked(plain(text), ['person'])).toBe(text));

  test.each([
    ['full-width', 'ask «Ｍｉｒｉａｍ Ｏｋｏｎｋｗｏ» now'],
    ['zero-width', 'ask «Mir\u200Biam Okon\u200Dkwo» now'],
    ['look-alikes', 'ask «Мiriаm Оkоnkwо» now'],
    ['right-to-left marks', 'ask «\u202AMiriam\u202C Okonkwo» now'],
    ['no-break blank', 'ask «Miriam\u00A0Okonkwo» now'],
  ])('however it is written: %s', (_how, text) => {
    const outer = /[\u202A\u202C\u200B\u200D]/g;
    const clean = (each: string): string => each.replace(outer, '');
    expect(clean(marked(plain(text), ['person']))).toBe(clean(text));
  });
});

describe('places, organisations and addresses', () => {
  test.each([
    'We are moving to «Wuppertal» next year.',
    'She is from «New Zealand».',
    'born in «belgium»',
    'City: «Nová Paka»',
  ])('%s', (text) => expect(marked(plain(text), ['place', 'person'])).toBe(text));

  test.each([
    'I work for «Quantivo».',
    'Payment to «Ježková s.r.o.» failed',
    '«Krogh & Kjær A/S» has signed',
    'our lawyers, «Lopez, Santos and Coleman», wrote',
    '«Golden Fern» is a design agency',
  ])('%s', (text) => expect(marked(plain(text), ['organisation'])).toBe(text));

  test('a company’s name in quotation marks', () => {
    expect(findInText('от ООО «Орлова» вчера')).toMatchObject([
      { start: 3, end: 15, class: 'organisation' },
    ]);
  });

  test.each([
    'Ship it to «76 Thornton Street, Leeds LS1 4DY»',
    'It is «Kopfhölzistrasse 45» there',
    'at «12 rue de la Gare»',
    'Meet me at «Rua Mina 50»',
    'to «9243 Mill Road Apt. 758, Springfield, IL 62701»',
    'at «the corner of Bygget 64 and Komel Club»',
    'send to «P.O. Box 242»',
  ])('%s', (text) => expect(marked(plain(text), ['address'])).toBe(text));
});

describe('recovery phrases', () => {
  const words = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
  const numbered = words.split(' ').map((word, at) => `${at + 1}. ${word}`);

  test.each([words, numbered.join('\n'), `keep: ${words}.`])('%s', (text) => {
    expect(findInText(text)).toMatchObject([{ class: 'secret' }]);
  });

  test('eleven words are none', () => {
    expect(findInText(words.split(' ').slice(1).join(' '))).toEqual([]);
  });
});

describe('what is on every screen stays', () => {
  test.each([
    'File\tEdit\tView\tInsert\tFormat\tTools\tHelp',
    'Name\tSize\tModified\tType',
    'Save changes before closing?',
    'Quarterly Revenue Report (Draft)',
    'Mark all as read',
    'Insert Pivot Table',
    'const total = items.reduce((sum, item) => sum + item.price, 0);',
    'Error 404: Not Found',
    'Page 3 of 12',
    'Windows 11 Update',
    'git commit -m "Fix flaky test"',
    'Bitte wählen Sie eine Option aus.',
    'Rechnung wurde erfolgreich erstellt',
    'Veuillez patienter',
    'SELECT id, name FROM users WHERE active = 1;',
    'docker compose up -d',
    'Terms of Service',
    'In May you may march.',
  ])('%s', (text) => expect(findInText(text)).toEqual([]));
});
