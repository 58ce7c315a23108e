// A value found on one surface is looked for on all others, whatever its case and separators.
import { decodeEscapes } from './encoded.ts';
import type { Finding, FindingClass } from './finding.ts';
import { normalise, type Plain, plainBuilder } from './normalise.ts';
import { wordKey } from './words/word-key.ts';
import { mark } from './words/word-table.ts';
import { marksOfWord } from './words/words.ts';

/** Values looked for across one joint record; beyond it the record is refused. */
export const valuesMax = 2_000;

const squashedMin = 4;
const unboundedMin = 8;
const partMin = 5;
const kept = /[\p{L}\p{N}]/u;

/** A found value without case, separators and look-alikes. */
export interface Value {
  readonly squashed: string;
  readonly finding: Finding;
}

/** Letters and digits only, lower case, with the places they come from. */
function squashPlain(plain: Plain): Plain {
  const builder = plainBuilder();
  for (let unit = 0; unit < plain.text.length; unit++) {
    const character = plain.text.charAt(unit);
    if (!kept.test(character) && !/[\uD800-\uDFFF]/.test(character)) continue;
    const lower = character.toLowerCase();
    const one = lower.length === 1 ? lower : character;
    builder.add(one, plain.starts[unit] ?? 0, plain.ends[unit] ?? 0);
  }
  return builder.done();
}

/** Views of a text in which values are looked for: as written, and with escapes undone. */
export function squashedViews(text: string): readonly Plain[] {
  const plain = normalise(text);
  const decoded = decodeEscapes(plain);
  return decoded ? [squashPlain(plain), squashPlain(decoded)] : [squashPlain(plain)];
}

/** Of names and places, at most so many are looked for: each is found where it stands as well. */
const softValuesMax = 1_000;
const neverCarried: ReadonlySet<FindingClass> = new Set(['age', 'date', 'title', 'group']);
const soft: ReadonlySet<FindingClass> = new Set(['person', 'place', 'organisation', 'postcode']);

/** Whether what was found here is to be masked wherever else it stands, ordinary words apart. */
function isCarried(text: string, { class: found, start, end }: Finding, known: number): boolean {
  if (neverCarried.has(found)) return false;
  if (!soft.has(found)) return true;
  const words = text.slice(start, end).split(/\s+/);
  const isOrdinary = (marksOfWord(wordKey(words[0] ?? '')) & (mark.word | mark.foreign)) !== 0;
  return known < softValuesMax && (words.length > 1 || !isOrdinary);
}

/** Adds the value of each finding in `text` to `values`, unless it is too short to look for. */
export function collectValues(
  text: string,
  findings: readonly Finding[],
  values: Map<string, Value>,
): void {
  for (const finding of findings) {
    if (!isCarried(text, finding, values.size)) continue;
    for (const view of squashedViews(text.slice(finding.start, finding.end))) {
      if (view.text.length < squashedMin || values.has(view.text)) continue;
      values.set(view.text, { squashed: view.text, finding });
    }
  }
}

/** Where the values stand in `text`. Short ones count only as whole words. */
export function findValues(text: string, values: Iterable<Value>): Finding[] {
  const findings: Finding[] = [];
  const views = squashedViews(text);
  for (const value of values) {
    for (const view of views) findValue(text, view, value, findings);
  }
  return findings;
}

function findValue(text: string, view: Plain, value: Value, out: Finding[]): void {
  const { squashed, finding } = value;
  const push = (from: number, to: number): void => {
    const start = view.starts[from] ?? 0;
    const end = view.ends[to - 1] ?? start;
    const whole = isEdge(text, start) && isEdge(text, end);
    if (squashed.length < unboundedMin && !whole) return;
    out.push({ start, end, class: finding.class, rule: finding.rule });
  };
  let at = view.text.indexOf(squashed);
  for (; at >= 0; at = view.text.indexOf(squashed, at + squashed.length)) {
    push(at, at + squashed.length);
  }
  if (isPartOf(view.text, squashed)) push(0, view.text.length);
}

/** A surface that holds the beginning or the end of a value, as a half-typed field does. */
function isPartOf(part: string, squashed: string): boolean {
  if (part.length < partMin || part.length >= squashed.length) return false;
  return squashed.startsWith(part) || squashed.endsWith(part);
}

function isEdge(text: string, at: number): boolean {
  return !(kept.test(text.charAt(at - 1)) && kept.test(text.charAt(at)));
}
