// Whether what stands before a word says that it is a name, whatever its case: a label, a phrase.
import { bounded } from '../pattern-linear.ts';
import { joined, wide } from '../pattern-lines.ts';

const kinds = joined`
  (?:full|first|last|given|family|middle|maiden|user|display|sur|legal|contact|customer|client
  |patient|employee|candidate|applicant|account holder|cardholder|emergency contact|guest|student
  |participant|preferred|birth|nick)`;
const roles = joined`
  (?:names?|surname|contact|customer|client|patient|employee|candidate|applicant|account holder
  |card ?holder|recipient|sender|author|owner|assignee|reporter|reviewer|approver|manager
  |supervisor|attendees?|organi[sz]er|host|guest|student|teacher|doctor|physician|signed|signature
  |from|to|cc|bcc|attn|attention|by|created by|updated by|assigned to|reported by|approved by
  |modified by|prepared by|submitted by|written by|requested by|billed to|ship to|deliver to
  |contact person|next of kin|guardian|spouse|tenant|landlord|witness|payee|beneficiary)`;
const foreign = joined`
  (?:nom|prénom|nachname|vorname|nombre|apellidos?|nome|cognome|naam|voornaam|achternaam|imię
  |nazwisko|jméno|příjmení|név|namn|navn|nimi|имя|фамилия|ф\.?и\.?о\.?|姓名|名前|氏名|이름|성명|الاسم
  |שם|नाम)`;
const label = joined`
  (?:^|[\n\t|,;•*>(])[ \t]{0,8}(?:(?:${kinds}(?:'s)?[ _-]?)?${roles}|${foreign})[ \t]{0,3}`;
const labelled = bounded(new RegExp(`${label}(?::|：|=)[ \\t]{0,4}["']?$`, 'iu'));
const headed = bounded(new RegExp(`${label}(?:\\n|\\t|-[ ]|:[ ]?\\n)[ \\t]{0,4}$`, 'iu'));
const spoken = bounded(
  wide('iu')`
  (?:\bnames? (?:is|was|are)|\b(?:i am|i'm|this is|it's|it is|call me|calls? (?:me|him|her)
  |call(?:ed|s)? (?:me|him|her)|named(?: him| her| it)?|name (?:him|her|it)|speaking with
  |speak (?:to|with)|ask for
  |under|(?:his|her|my|their|your|our) (?:name|wife|husband|son|daughter|boss|manager|mother
  |father|partner|friend|colleague|brother|sister|doctor|teacher|neighbou?r|client
  |assistant)(?:,| is)?|je m'appelle|ich heiße|ich heisse|ich bin|mein name ist|me llamo
  |mi nombre es|mi chiamo|mijn naam is|ik heet|nazywam się|jmenuji se|meu nome é|chamo-me
  |jag heter|jeg hedder)|меня зовут)[ ]["']?$`,
);
const charsMax = 60;

export function announcesName(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - charsMax), at);
  return labelled.test(before) || spoken.test(before);
}

/** A label that stands over the word, or in the cell before it, may be a heading of its own. */
export function mayAnnounceName(text: string, at: number): boolean {
  return headed.test(text.slice(Math.max(0, at - charsMax), at));
}
