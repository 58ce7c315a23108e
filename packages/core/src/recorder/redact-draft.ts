// Redacts a whole draft at once: runs, the fields they make up, and task texts are one joint record
// with one finding set. What a field shows counts too: Backspace is applied before looking again.
import type { CapturedEvent } from '../events/index.ts';
import {
  apply,
  type FindingSet,
  findAll,
  type MaskedRecord,
  mergeFindings,
  type Redacted,
  type RuleOf,
  type Surface,
  type SurfaceFinding,
} from '../redact/index.ts';
import { textSurfaces } from '../segment/index.ts';
import { Sensitive } from '../sensitive/index.ts';
import { type JoinedText, joined, onParts } from './joined.ts';

export interface RedactedTexts {
  /** Surfaces `event:<index>` for every run and task event. */
  readonly texts: Redacted<MaskedRecord>;
  readonly findings: FindingSet;
  /** Numbers of fields in which something was found. */
  readonly fields: ReadonlySet<number>;
  /** Raw texts with findings, to be looked for in later frames. */
  readonly known: readonly Sensitive<string>[];
}

/** One letter of a field and where it was typed. */
interface Letter {
  readonly event: number;
  readonly offset: number;
  readonly unit: string;
}

/** `ruleOf` gives how much of each context's text is kept. */
export function redactDraft(events: readonly CapturedEvent[], ruleOf: RuleOf): RedactedTexts {
  const surfaces = textSurfaces(events, ruleOf);
  const fields = fieldLetters(events);
  const fieldSurfaces = fields.map(({ letters }, at): Surface => {
    return {
      kind: 'text',
      ref: `field:${at}`,
      text: letters.map((letter) => letter.unit).join(''),
    };
  });
  const spread = new Map(spreadNumbers(events).map((row, at) => [`spread:${at}`, row]));
  const spreadSurfaces = [...spread].map(
    ([ref, { text }]): Surface => ({ kind: 'text', ref, text }),
  );
  const every = [...surfaces, ...fieldSurfaces, ...spreadSurfaces];
  const all = findAll({ surfaces: every }).findings.flatMap((finding) => {
    const row = spread.get(finding.ref);
    return row ? onParts(finding, row) : [finding];
  });
  const own = all.filter((finding) => finding.ref.startsWith('event:'));
  const projected = fields.flatMap(({ letters }, at) =>
    all
      .filter((finding) => finding.ref === `field:${at}`)
      .flatMap((each) => project(each, letters)),
  );
  const findings = { findings: mergedByRef(surfaces, [...own, ...projected]) };
  const touched = new Set(findings.findings.map((finding) => finding.ref));
  return {
    texts: apply({ surfaces }, findings),
    findings,
    fields: new Set(fields.filter((each) => each.letters.some(isTouched(touched))).map(fieldOf)),
    known: knownTexts([...fieldSurfaces, ...surfaces], [...all, ...projected].filter(isFound)),
  };
}

/** Each field twice: all that was typed, and what is left of it after Backspace. */
function fieldLetters(events: readonly CapturedEvent[]) {
  const typed = new Map<number, Letter[]>();
  const edited = new Map<number, Letter[]>();
  let field = 0;
  for (const [at, event] of events.entries()) {
    if (event.kind === 'focus' || event.kind === 'run') field = event.field;
    if (event.kind === 'key' && event.key === 'backspace' && event.down) edited.get(field)?.pop();
    if (movesCaret(event)) for (const letters of [typed, edited]) letters.get(field)?.push(apart);
    if (event.kind !== 'run') continue;
    const letters = Array.from({ length: event.text.length }, (_, offset) => {
      return { event: at, offset, unit: event.text.charAt(offset) };
    });
    typed.set(field, [...(typed.get(field) ?? []), ...letters]);
    edited.set(field, [...(edited.get(field) ?? []), ...letters]);
  }
  return [...typed, ...edited].map(([number, letters]) => ({ field: number, letters }));
}

// What is typed after these need not stand behind what was typed before: it was selected, deleted,
// or the caret is elsewhere.
const apart: Letter = { event: -1, offset: 0, unit: '\n' };
const caretKeys: ReadonlySet<string> = new Set(['enter', 'delete', 'ctrl', 'up', 'down', 'escape']);

function movesCaret(event: CapturedEvent): boolean {
  if (event.kind === 'button') return event.down;
  return event.kind === 'key' && event.down && caretKeys.has(event.key);
}

/** Groups of digits typed one after the other into different fields, as for a card or a code. */
function spreadNumbers(events: readonly CapturedEvent[]): readonly JoinedText[] {
  const rows: (Piece & { readonly field: number })[][] = [[]];
  for (const [at, event] of events.entries()) {
    if (event.kind !== 'run') continue;
    const row = rows.at(-1);
    const isDigits = /^\d{1,8}$/.test(event.text);
    if (isDigits && row) row.push({ ref: `event:${at}`, text: event.text, field: event.field });
    else if (!isDigits) rows.push([]);
  }
  const isSpread = (row: (typeof rows)[number]) => new Set(row.map(({ field }) => field)).size > 1;
  return rows.filter(isSpread).map((row) => joined(row, () => false));
}

type Piece = { readonly ref: string; readonly text: string };

/** A finding on a field becomes findings on the runs that typed it. */
function project(finding: SurfaceFinding, letters: readonly Letter[]): SurfaceFinding[] {
  const parts = new Map<number, { start: number; end: number }>();
  for (const letter of letters.slice(finding.start, finding.end)) {
    if (letter === apart) continue;
    const part = parts.get(letter.event) ?? { start: letter.offset, end: letter.offset };
    part.start = Math.min(part.start, letter.offset);
    part.end = Math.max(part.end, letter.offset + 1);
    parts.set(letter.event, part);
  }
  return [...parts].map(([event, part]) => ({ ...finding, ...part, ref: `event:${event}` }));
}

function mergedByRef(
  surfaces: readonly Surface[],
  findings: readonly SurfaceFinding[],
): SurfaceFinding[] {
  return surfaces.flatMap(({ ref }) => {
    const own = findings.filter((finding) => finding.ref === ref);
    return mergeFindings(own).map((finding) => ({ ...finding, ref }));
  });
}

function knownTexts(
  surfaces: readonly Surface[],
  findings: readonly SurfaceFinding[],
): Sensitive<string>[] {
  const found = new Set(findings.map((finding) => finding.ref));
  const texts = surfaces.filter(({ ref }) => found.has(ref)).map(({ text }) => text);
  return [...new Set(texts)].map((text) => new Sensitive(text));
}

/** A mode takes out words that are no value to be looked for elsewhere. */
function isFound(finding: SurfaceFinding): boolean {
  return finding.class !== 'text' && finding.class !== 'word';
}

function isTouched(touched: ReadonlySet<string>) {
  return (letter: Letter) => touched.has(`event:${letter.event}`);
}

function fieldOf(each: { readonly field: number }): number {
  return each.field;
}
