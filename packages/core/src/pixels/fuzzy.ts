// Looks for a known value in what was read, though OCR reads only three quarters of values as they
// stand. How much may differ is bounded by the value's length.

/** `[start, end)` in signs of the text that is searched. */
export interface Match {
  readonly start: number;
  readonly end: number;
}

interface CostlyMatch extends Match {
  readonly cost: number;
}

/** Shorter skeletons say nothing. */
export const signsMin = 5;
/** Shorter ones count only as whole words. */
export const signsUnboundedMin = 8;
export const signsMax = 200;
const editsMax = 8;

/** Edits after which a value of this many signs still counts as itself. */
export function editsFor(signs: number): number {
  if (signs < signsUnboundedMin) return 0;
  if (signs < 12) return 1;
  return Math.min(editsMax, Math.floor(signs / 6));
}

/** Places in `text` that differ from `value` by at most `edits` (Sellers 1980). */
export function near(text: string, value: string, edits = editsFor(value.length)): Match[] {
  if (value.length < signsMin || value.length > signsMax) return [];
  if (edits === 0) return exact(text, value);
  if (!sharesPiece(text, value, edits + 1)) return [];
  const matches: CostlyMatch[] = [];
  // Per row of the value: the distance, and where in the text the match that has it began.
  let costs = Array.from({ length: value.length + 1 }, (_, row) => row);
  let starts = costs.map(() => 0);
  for (let at = 0; at < text.length; at++) {
    const nextCosts = [0];
    const nextStarts = [at + 1];
    for (let row = 1; row <= value.length; row++) {
      const same = value.charCodeAt(row - 1) === text.charCodeAt(at) ? 0 : 1;
      const through = (costs[row - 1] ?? 0) + same;
      const missing = (nextCosts[row - 1] ?? 0) + 1;
      const extra = (costs[row] ?? 0) + 1;
      const least = Math.min(through, missing, extra);
      nextCosts.push(least);
      const from = least === through ? starts[row - 1] : undefined;
      const other = least === missing ? nextStarts[row - 1] : starts[row];
      nextStarts.push(row === 1 && least === through ? at : (from ?? other ?? at));
    }
    costs = nextCosts;
    starts = nextStarts;
    const cost = costs[value.length] ?? edits + 1;
    if (cost <= edits) closest(matches, { start: starts[value.length] ?? at, end: at + 1, cost });
  }
  return matches;
}

/** Of matches that overlap, the one that differs least: others reach into what stands beside. */
function closest(matches: CostlyMatch[], next: CostlyMatch): void {
  const last = matches.at(-1);
  if (last === undefined || next.start >= last.end) matches.push(next);
  else if (next.cost < last.cost) matches[matches.length - 1] = next;
}

function exact(text: string, value: string): Match[] {
  const matches: Match[] = [];
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
    matches.push({ start: at, end: at + value.length });
  }
  return joined(matches);
}

/** Of that many pieces of a value, fewer edits leave one whole. */
function sharesPiece(text: string, value: string, pieces: number): boolean {
  for (let nth = 0; nth < pieces; nth++) {
    const from = Math.floor((nth * value.length) / pieces);
    const to = Math.floor(((nth + 1) * value.length) / pieces);
    if (text.includes(value.slice(from, to))) return true;
  }
  return false;
}

/** True where `part` is the beginning or the end of `value`, as in a field that is half typed. */
export function nearPart(part: string, value: string): boolean {
  if (part.length < signsMin || part.length >= value.length) return false;
  const edits = Math.floor(part.length / 8);
  const head = value.slice(0, part.length);
  const tail = value.slice(-part.length);
  return [head, tail].some((piece) => piece === part || differsBy(piece, part) <= edits);
}

/** How many signs differ, place by place. */
function differsBy(a: string, b: string): number {
  let count = 0;
  for (let at = 0; at < a.length; at++) if (a.charCodeAt(at) !== b.charCodeAt(at)) count++;
  return count;
}

function joined(matches: readonly Match[]): Match[] {
  const out: Match[] = [];
  for (const match of matches) {
    const last = out.at(-1);
    if (last && match.start < last.end) {
      const start = Math.min(last.start, match.start);
      out[out.length - 1] = { start, end: Math.max(last.end, match.end) };
    } else out.push(match);
  }
  return out;
}
