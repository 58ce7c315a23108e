// Words become cells (what stands together), rows (what stands beside each other) and blocks (what
// stands below each other), so that values in several words are read as one, with their label.
import type { Box } from '../events/index.ts';
import { around } from './boxes.ts';
import type { ReadWord } from './word.ts';

/** A text with, for each of its characters, the word it belongs to; -1 between words. */
export interface Reading {
  readonly text: string;
  readonly owners: readonly number[];
}

export interface Cell {
  readonly words: readonly ReadWord[];
  readonly box: Box;
  readonly text: string;
}

export interface Block {
  /** What a label or heading beside or above it says. */
  readonly label: string | undefined;
  readonly words: readonly ReadWord[];
  /** How each word but the first follows the one before it. */
  readonly joins: readonly Join[];
}

/** In one cell, in the next cell of the row, or in the next line. */
export type Join = 'word' | 'cell' | 'line';

/** A wider gap, in heights of the row, separates cells: columns, fields, buttons. */
const cellGapPart = 1.4;
const labelCharsMax = 40;
/** Lines follow each other within this many heights, and begin at the same edge. */
const lineGapPart = 1.6;
const edgePixels = 6;
const labelGapPart = 2;
const rowsBack = 3;
/** What the edge of a field, or a caret, is read as. */
const noise = /^[|[\]'"`‘’“”_—–-]$/;
const blockLinesMax = 200;

/** Everything that is read as one text: each cell by itself, rows of cells, and blocks of lines. */
export function blocksOf(words: readonly ReadWord[]): Block[] {
  const ways = [undefined, 'up', 'down'] as const;
  return ways.flatMap((way) => blocksIn(words.filter(({ turned }) => turned === way).map(laid)));
}

function blocksIn(words: readonly ReadWord[]): Block[] {
  const rows = rowsOf(words.filter(({ text }) => !noise.test(text))).map(cellsOf);
  const single = rows.flatMap((row, at) => {
    return row.flatMap((cell, nth): Block[] => {
      const labels = [row[nth - 1], above(cell, rows.slice(Math.max(0, at - rowsBack), at))];
      const texts = [...new Set(labels.filter(isLabel).map((label) => label?.text))];
      return (texts.length === 0 ? [undefined] : texts).map((label) => blockOf([cell], label));
    });
  });
  const whole = rows.filter((row) => row.length > 1).map((row) => blockOf(row, undefined, 'cell'));
  const columns = columnsOf(rows.flat()).map((lines) => blockOf(lines, undefined));
  return [...single, ...whole, ...columns];
}

function isLabel(cell: Cell | undefined): boolean {
  if (cell === undefined || cell.text.length > labelCharsMax) return false;
  return /^[^:=\d\uFFFC]{0,40}\p{L}[^:=\d\uFFFC]{0,40}[:=]?$/u.test(cell.text);
}

function blockOf(cells: readonly Cell[], label: string | undefined, apart: Join = 'line'): Block {
  const words = cells.flatMap((cell) => cell.words);
  const joins = cells.flatMap((cell) => cell.words.map((_, at) => (at === 0 ? apart : 'word')));
  return { label, words, joins: joins.slice(1) };
}

/** The words of a block as one text. */
export function readingOf({ words, joins }: Block): Reading {
  const owners: number[] = [];
  let text = '';
  for (const [at, word] of words.entries()) {
    if (at > 0) {
      text += joins[at - 1] === 'line' ? '\n' : ' ';
      owners.push(-1);
    }
    text += word.text;
    for (let unit = 0; unit < word.text.length; unit++) owners.push(at);
  }
  return { text, owners };
}

function rowsOf(words: readonly ReadWord[]): ReadWord[][] {
  const sorted = [...words].sort((a, b) => middleOf(a.box) - middleOf(b.box));
  const rows: { words: ReadWord[]; box: Box }[] = [];
  for (const word of sorted) {
    const row = rows.slice(-4).find(({ box }) => inRow(word.box, box));
    if (row) row.words.push(word);
    else rows.push({ words: [word], box: word.box });
  }
  return rows.map((row) => row.words.sort((a, b) => a.box.x - b.box.x));
}

function inRow(word: Box, row: Box): boolean {
  const middle = middleOf(word);
  const within = middle > row.y && middle < row.y + row.height;
  const rowMiddle = middleOf(row);
  return within || (rowMiddle > word.y && rowMiddle < word.y + word.height);
}

function cellsOf(row: readonly ReadWord[]): Cell[] {
  const height = medianOf(row.map(({ box }) => box.height));
  const cells: ReadWord[][] = [];
  let right = Number.NEGATIVE_INFINITY;
  for (const word of row) {
    const last = cells.at(-1);
    if (last && word.box.x - right <= height * cellGapPart) last.push(word);
    else cells.push([word]);
    right = Math.max(right, word.box.x + word.box.width);
  }
  return cells.map((words) => ({
    words,
    box: around(words.map(({ box }) => box)),
    text: words.map(({ text }) => text).join(' '),
  }));
}

/** The nearest cell of the rows before that stands over `cell`, as a field's label does. */
function above(cell: Cell, rows: readonly (readonly Cell[])[]): Cell | undefined {
  const over = rows.flat().findLast(({ box }) => {
    return box.x < cell.box.x + cell.box.width && cell.box.x < box.x + box.width;
  });
  if (over === undefined) return undefined;
  const gap = cell.box.y - (over.box.y + over.box.height);
  return gap <= labelGapPart * Math.max(over.box.height, cell.box.height) ? over : undefined;
}

/** Runs of cells that begin at the same edge, line after line. */
function columnsOf(cells: readonly Cell[]): Cell[][] {
  const open: Cell[][] = [];
  for (const cell of cells) {
    const column = open.find(
      (lines) => lines.length < blockLinesMax && follows(lines.at(-1), cell),
    );
    if (column) column.push(cell);
    else open.push([cell]);
  }
  return open.filter((lines) => lines.length > 1);
}

function follows(last: Cell | undefined, { box }: Cell): boolean {
  if (last === undefined) return false;
  const gap = box.y - (last.box.y + last.box.height);
  const near = gap >= -edgePixels && gap <= lineGapPart * Math.max(last.box.height, box.height);
  return near && Math.abs(box.x - last.box.x) <= edgePixels;
}

/** A turned word as if its column were a line that runs to the right. */
function laid(word: ReadWord): ReadWord {
  const { x, y, width, height } = word.box;
  if (word.turned === undefined) return word;
  const along = word.turned === 'down' ? y : -(y + height);
  return { ...word, box: { x: along, y: x, width: height, height: width } };
}

/** The place of a box that was laid. */
export function stoodUp(box: Box, way: ReadWord['turned']): Box {
  if (way === undefined) return box;
  const along = way === 'down' ? box.x : -(box.x + box.width);
  return { x: box.y, y: along, width: box.height, height: box.width };
}

function middleOf({ y, height }: Box): number {
  return y + height / 2;
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
