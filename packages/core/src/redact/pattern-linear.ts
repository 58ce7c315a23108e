// Says whether a pattern is bounded: every repetition has an upper limit, nothing refers back, and
// a repeated group that repeats inside is delimited. Matching then takes time linear in the text.
import { HandrailError } from '../errors/index.ts';

const patternCharsMax = 2_000;
const repetitionMax = 20_000;

interface Group {
  readonly start: number;
  varies: boolean;
}

/** The pattern, for use outside of rules. Throws `internal` where it may not be used. */
export function bounded(pattern: RegExp): RegExp {
  const problem = whyNotLinear(pattern);
  if (problem) throw new HandrailError('internal', `mend a pattern of redaction: ${problem}`);
  return pattern;
}

/** The reason why the pattern may not be used, or undefined when it may. */
export function whyNotLinear(pattern: RegExp): string | undefined {
  const source = pattern.source;
  if (source.length > patternCharsMax) return 'pattern too long';
  if (/\\[1-9]|\\k</.test(source)) return 'refers back';
  const bare = withoutClasses(source);
  if (/[*+]|\{[0-9]+,\}/.test(bare)) return 'unlimited repetition';
  return whyNotBounded(bare);
}

/** Escapes and classes become one plain letter, so that what is left of brackets is structure. */
function withoutClasses(source: string): string {
  return source
    .replace(/\\p\{[^}]*\}|\\[ux][0-9A-Fa-f]{2,4}|\\./gs, 'e')
    .replace(/\[[^\]]*\]/g, 'C');
}

function whyNotBounded(bare: string): string | undefined {
  const open: Group[] = [];
  for (let at = 0; at < bare.length; at++) {
    const character = bare.charAt(at);
    if (character === '(') open.push({ start: at, varies: false });
    if (character === '?' && bare.charAt(at - 1) !== '(') markVaries(open);
    if (character !== ')' && character !== '{') continue;
    const group = character === ')' ? open.pop() : undefined;
    const most = repetitionAt(bare, character === ')' ? at + 1 : at);
    if (most > repetitionMax) return 'repetition limit too high';
    const repeats = group !== undefined && most > 1;
    if (repeats && group.varies && !isDelimited(bare.slice(group.start, at))) {
      return 'a repeated group repeats inside without a delimiter';
    }
    if (group?.varies || most > 1) markVaries(open);
  }
  return undefined;
}

function markVaries(open: readonly Group[]): void {
  const inner = open.at(-1);
  if (inner) inner.varies = true;
}

function repetitionAt(bare: string, at: number): number {
  const limits = /^\{([0-9]+)(?:,([0-9]+))?\}/.exec(bare.slice(at, at + 16));
  return limits === null ? 1 : Number(limits[2] ?? limits[1]);
}

/** A group whose first or last element stands exactly once: `(?:\.x{1,9}){0,9}`, `(?:C?C){1,9}`. */
function isDelimited(group: string): boolean {
  const body = group.replace(/^\((?:\?:)?/, '');
  return /^[eC\w.\-=:,/ ](?![{?])/.test(body) || /[eC\w.\-=:,/ ]$/.test(body);
}
