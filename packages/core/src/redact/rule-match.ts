// Runs one rule over a plain text. A match that a rule's check refuses leaves no trace.
import type { Rule } from './rule.ts';

/** `[start, end)` in units of the plain text. */
export type Span = readonly [start: number, end: number];

/** What all rules ask about a text, computed once. */
export interface Haystack {
  readonly text: string;
  readonly lower: string;
  readonly digits: number;
}

const nearBefore = 48;
const nearAfter = 24;

export function haystackOf(text: string): Haystack {
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) digits++;
  }
  return { text, lower: text.toLowerCase(), digits };
}

export function matchRule(rule: Rule, hay: Haystack, found: (span: Span) => void): void {
  if (hay.digits < (rule.digitsMin ?? 0)) return;
  if (rule.hints && !rule.hints.some((hint) => hay.lower.includes(hint))) return;
  const accept = (span: Span): void => {
    if (isNearEnough(rule, hay.text, span)) found(span);
  };
  if (rule.leadMatcher) matchAfterLead(rule, rule.leadMatcher, hay.text, accept);
  else matchAnywhere(rule, hay.text, accept);
}

function matchAnywhere(rule: Rule, text: string, found: (span: Span) => void): void {
  const { matcher } = rule;
  matcher.lastIndex = 0;
  for (let match = matcher.exec(text); match !== null; match = matcher.exec(text)) {
    if (match[0] === '') matcher.lastIndex++;
    else checked(rule, match[0], match.index, found);
  }
}

function matchAfterLead(rule: Rule, lead: RegExp, text: string, found: (span: Span) => void): void {
  lead.lastIndex = 0;
  for (let label = lead.exec(text); label !== null; label = lead.exec(text)) {
    if (label[0] === '') lead.lastIndex++;
    rule.matcher.lastIndex = label.index + label[0].length;
    const match = rule.matcher.exec(text);
    if (match !== null && match[0] !== '') checked(rule, match[0], match.index, found);
  }
}

function checked(rule: Rule, value: string, at: number, found: (span: Span) => void): void {
  if (rule.windows) pickWindows(rule, rule.windows, value, at, found);
  else if (rule.check?.(value) ?? true) found([at, at + value.length]);
}

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Groups of letters and digits, from the first on, as many as make a value that passes. */
function pickWindows(
  rule: Rule,
  [min, max]: readonly [number, number],
  value: string,
  at: number,
  found: (span: Span) => void,
): void {
  const pieces = Array.from(value.matchAll(/[A-Za-z0-9]+/g), (piece) => ({
    start: piece.index,
    end: piece.index + piece[0].length,
    text: piece[0].toUpperCase(),
  }));
  for (let first = 0; first < pieces.length; first++) {
    const last = longestWindow(rule, min, max, pieces, first);
    if (last === undefined) continue;
    // What opens the match, such as + or (, belongs to its first group.
    const start = first === 0 ? 0 : (pieces[first]?.start ?? 0);
    found([at + start, at + (pieces[last]?.end ?? 0)]);
    first = last;
  }
}

function longestWindow(
  rule: Rule,
  min: number,
  max: number,
  pieces: readonly Piece[],
  first: number,
): number | undefined {
  let compact = '';
  let best: number | undefined;
  for (let last = first; last < pieces.length; last++) {
    compact += pieces[last]?.text ?? '';
    if (compact.length > max) break;
    if (compact.length >= min && (rule.check?.(compact) ?? true)) best = last;
  }
  return best;
}

function isNearEnough(rule: Rule, text: string, [start, end]: Span): boolean {
  if (!rule.near && !rule.notNear) return true;
  const before = text.slice(Math.max(0, start - nearBefore), start);
  const around = `${before}\n${text.slice(end, end + nearAfter)}`;
  if (rule.notNear?.test(around)) return false;
  return rule.near?.test(around) ?? true;
}
