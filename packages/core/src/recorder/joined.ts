// Texts that stand in pieces: a value over several nodes of one row, or typed into a row of small
// fields. The pieces are read as one text, and what is found in it falls back on each of them.

import type { Bounds } from '../observation/index.ts';
import type { SurfaceFinding } from '../redact/index.ts';

/** Longer texts are read by themselves: a value would be whole in them. */
const pieceLettersMax = 64;
const rowPixels = 8;
const gapPixelsMax = 24;
const touchingPixels = 4;

export interface Piece {
  /** The surface it is. */
  readonly ref: string;
  readonly text: string;
  readonly bounds: Bounds;
}

export interface JoinedText {
  readonly text: string;
  readonly parts: readonly { readonly ref: string; readonly at: number; readonly length: number }[];
}

/** Neighbours in one row, read from left to right. */
export function joinedRows(pieces: readonly Piece[]): readonly JoinedText[] {
  const short = pieces.filter(({ text }) => text !== '' && text.length <= pieceLettersMax);
  const sorted = [...short].sort((a, b) => rowOf(a) - rowOf(b) || a.bounds.x - b.bounds.x);
  const rows: Piece[][] = [];
  for (const piece of sorted) {
    const row = rows.at(-1);
    const last = row?.at(-1);
    if (row && last && follows(last, piece)) row.push(piece);
    else rows.push([piece]);
  }
  return rows.filter((row) => row.length > 1).map((row) => joined(row, isApart));
}

/** The findings on a joined text as findings on its parts. */
export function onParts(finding: SurfaceFinding, { parts }: JoinedText): SurfaceFinding[] {
  return parts.flatMap(({ ref, at, length }) => {
    const start = Math.max(0, finding.start - at);
    const end = Math.min(length, finding.end - at);
    return end > start ? [{ ...finding, ref, start, end }] : [];
  });
}

export function joined<P extends { readonly ref: string; readonly text: string }>(
  pieces: readonly P[],
  isApartFrom: (last: P, next: P) => boolean,
): JoinedText {
  let text = '';
  const parts = pieces.map((piece, index) => {
    const last = pieces[index - 1];
    if (last && isApartFrom(last, piece)) text += ' ';
    const at = text.length;
    text += piece.text;
    return { ref: piece.ref, at, length: piece.text.length };
  });
  return { text, parts };
}

function rowOf({ bounds }: Piece): number {
  return Math.round((bounds.y + bounds.height / 2) / rowPixels);
}

function follows(last: Piece, next: Piece): boolean {
  const gap = gapOf(last, next);
  return rowOf(last) === rowOf(next) && gap >= -touchingPixels && gap <= gapPixelsMax;
}

function isApart(last: Piece, next: Piece): boolean {
  return gapOf(last, next) > touchingPixels;
}

function gapOf(last: Piece, next: Piece): number {
  return next.bounds.x - (last.bounds.x + last.bounds.width);
}
