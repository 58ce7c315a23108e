// Finds what must not be seen over everything at once: the texts of a segment and every line that
// its frames show are one joint record, computed on raw texts before any of them is replaced.
import type { Box } from '../events/index.ts';
import {
  type FindingClass,
  type FindingSet,
  findAll,
  type JointRecord,
  maskedUnit,
  type Surface,
  type SurfaceFinding,
} from '../redact/index.ts';
import { around, centreIn, type Fill, usable, withMargin } from './boxes.ts';
import { isFieldName } from './field-names.ts';
import { near, nearPart, signsMin, signsUnboundedMin } from './fuzzy.ts';
import type { KnownValues } from './known-values.ts';
import { type Block, blocksOf, type Reading, readingOf, stoodUp } from './lines.ts';
import { readingsOf } from './readings.ts';
import { shapes } from './shapes.ts';
import { skeletonOf } from './skeleton.ts';
import type { ReadWord } from './word.ts';

export interface ShownFrame {
  readonly words: readonly ReadWord[];
  /** What is black already: it stands for words that are not searched again. */
  readonly filled: readonly Box[];
}

export interface ScreenFindings {
  /** On the texts alone, for `apply`. */
  readonly texts: FindingSet;
  /** What to fill, frame by frame. */
  readonly fills: readonly (readonly Fill[])[];
}

/** A range of a block's words, both ends included. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly class: FindingClass;
}

/** One text that frames show, however often: its readings are the surfaces it has in the record. */
interface Shown {
  readonly readings: readonly Reading[];
  readonly spans: Span[];
}

/**
 * `texts` are raw, in ref order. `known` grows by what is found, and what it held before is looked
 * for too. Throws `input.too-large`.
 */
export function findOnScreen(
  texts: readonly Surface[],
  frames: readonly ShownFrame[],
  known: KnownValues,
): ScreenFindings {
  const blocks = frames.map(blocksToSearch);
  const shown = new Map<string, Shown>();
  const surfaces: Surface[] = [...texts];
  const places = new Map<string, readonly [Shown, Reading]>();
  for (const block of blocks.flat()) {
    const key = keyOf(block);
    if (shown.has(key)) continue;
    const one: Shown = { readings: readingsOf(readingOf(block)), spans: [] };
    shown.set(key, one);
    for (const reading of one.readings) {
      const ref = `line:${surfaces.length}`;
      places.set(ref, [one, reading]);
      surfaces.push(surfaceOf(ref, reading, block.label));
    }
  }
  const { findings } = findAll({ surfaces } satisfies JointRecord);
  const byRef = new Map(surfaces.map((surface) => [surface.ref, surface.text]));
  for (const finding of findings) {
    take(finding, places, byRef, known);
  }
  for (const one of shown.values()) addShapes(one, known);
  for (const one of shown.values()) addKnown(one, known);
  const refs = new Set(texts.map(({ ref }) => ref));
  return {
    texts: { findings: findings.filter(({ ref }) => refs.has(ref)) },
    fills: blocks.map((each) => each.flatMap((block) => fillsOf(block, shown.get(keyOf(block))))),
  };
}

/** A filled box is read as one sign that no rule matches; what stands in it does not. */
export function blocksToSearch({ words, filled }: ShownFrame): Block[] {
  const seen = words.filter(({ box }) => !filled.some((mask) => centreIn(box, mask)));
  return blocksOf([...seen, ...filled.filter(usable).map((box) => ({ text: maskedUnit, box }))]);
}

function keyOf(block: Block): string {
  return JSON.stringify([block.label, block.words.map(({ text }) => text), block.joins]);
}

function surfaceOf(ref: string, { text }: Reading, label: string | undefined): Surface {
  return label === undefined ? { kind: 'text', ref, text } : { kind: 'text', ref, text, label };
}

function take(
  finding: SurfaceFinding,
  places: ReadonlyMap<string, readonly [Shown, Reading]>,
  byRef: ReadonlyMap<string, string>,
  known: KnownValues,
): void {
  const text = byRef.get(finding.ref) ?? '';
  const value = text.slice(finding.start, finding.end);
  const place = places.get(finding.ref);
  if (place && isFieldName(value)) return;
  // What only a mode takes out is looked for nowhere else.
  if (finding.class !== 'text' && finding.class !== 'word') known.add(value, finding.class);
  if (place) addSpan(place[0], place[1], finding.start, finding.end, finding.class);
}

function addShapes(one: Shown, known: KnownValues): void {
  for (const reading of one.readings) {
    for (const { class: findingClass, pattern, check } of shapes) {
      for (const { 0: value, index } of reading.text.matchAll(pattern)) {
        if (check?.(value) === false) continue;
        known.add(value, findingClass);
        addSpan(one, reading, index, index + value.length, findingClass);
      }
    }
  }
}

function addKnown(one: Shown, known: KnownValues): void {
  const [reading] = one.readings;
  if (reading === undefined) return;
  const { signs, at } = skeletonOf(reading.text);
  const parts = partsOf(reading.text);
  for (const [value, findingClass] of known.entries()) {
    for (const match of near(signs, value)) {
      const start = at[match.start] ?? 0;
      const end = (at[match.end - 1] ?? 0) + 1;
      const whole = isEdge(reading.text, start) && isEdge(reading.text, end);
      if (whole || value.length >= signsUnboundedMin) {
        addSpan(one, reading, start, end, findingClass);
      }
    }
    for (const part of parts) {
      if (!nearPart(part.signs, value)) continue;
      addSpan(one, reading, part.start, part.end, findingClass);
    }
  }
}

const solid = /[\p{L}\p{N}]/u;

export function isEdge(text: string, at: number): boolean {
  return !(solid.test(text.charAt(at - 1)) && solid.test(text.charAt(at)));
}

interface Part {
  readonly start: number;
  readonly end: number;
  readonly signs: string;
}

const partWordsMax = 12;

/** What may be the beginning or the end of a value: words, and lines from or up to a word. */
function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  for (const { 0: line, index: from } of text.matchAll(/[^\n]+/g)) {
    const words = Array.from(line.matchAll(/[^ ]+/g), ({ 0: word, index }) => {
      return [index, index + word.length] as const;
    });
    const tails = words.slice(-partWordsMax).map(([start]) => [start, line.length] as const);
    const heads = words.slice(0, partWordsMax).map(([, end]) => [0, end] as const);
    for (const [start, end] of [...words, ...tails, ...heads]) {
      const { signs } = skeletonOf(line.slice(start, end));
      if (signs.length >= signsMin) parts.push({ start: from + start, end: from + end, signs });
    }
  }
  return parts;
}

function addSpan(
  one: Shown,
  reading: Reading,
  start: number,
  end: number,
  findingClass: FindingClass,
): void {
  const span = spanOf(reading, start, end, findingClass);
  if (span) one.spans.push(span);
}

/** The words of `[start, end)`; undefined where there are none. */
export function spanOf(
  { owners }: Reading,
  start: number,
  end: number,
  findingClass: FindingClass,
): Span | undefined {
  const words = owners.slice(start, end).filter((owner) => owner >= 0);
  if (words.length === 0) return undefined;
  return { from: Math.min(...words), to: Math.max(...words), class: findingClass };
}

/** Whole words, those of one line joined; a blank between two words of a value shows nothing. */
export function fillsOf(block: Block, one: Pick<Shown, 'spans'> | undefined): Fill[] {
  return (one?.spans ?? []).flatMap((span) => {
    const { from, to } = wholeToken(block, span);
    const lines: ReadWord[][] = [];
    for (let at = from; at <= to; at++) {
      const word = block.words[at];
      const last = lines.at(-1);
      if (word === undefined) continue;
      if (last && at > from && isBeside(block, at)) last.push(word);
      else lines.push([word]);
    }
    return lines.map((words): Fill => ({ box: boxOf(words), class: span.class }));
  });
}

/** OCR breaks words where letters stand apart: what touches a value, or looks like more of it. */
function wholeToken(block: Block, span: Span): Span {
  let { from, to } = span;
  while (from > 0 && belongs(block, from, from - 1)) from -= 1;
  while (to + 1 < block.words.length && belongs(block, to + 1, to + 1)) to += 1;
  return { ...span, from, to };
}

/** Words closer than this part of their height are one. */
const touchingPart = 0.2;
/** What mixes letters and digits, or cases, as only keys do. */
const random = /^\S{0,3}(?=\S{6})(?:\S{0,40}(?:[a-z]\d|\d[a-z]|[a-z][A-Z]{2}|\d[A-Z]))/;

/** `at` is the right one of the two words that meet, `outer` the one that may be taken in. */
function belongs(block: Block, at: number, outer: number): boolean {
  const [left, right] = [block.words[at - 1], block.words[at]];
  if (left === undefined || right === undefined || !isBeside(block, at)) return false;
  const gap = right.box.x - (left.box.x + left.box.width);
  const touch = gap <= touchingPart * Math.max(left.box.height, right.box.height);
  return touch || random.test(block.words[outer]?.text ?? '');
}

function isBeside({ joins }: Block, at: number): boolean {
  return joins[at - 1] === 'word';
}

function boxOf(words: readonly ReadWord[]): Fill['box'] {
  return stoodUp(withMargin(around(words.map((word) => word.box))), words[0]?.turned);
}
