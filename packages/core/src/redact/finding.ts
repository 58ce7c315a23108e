// A finding says where something sensitive stands and of which class it is, never what it is.
// Offsets are UTF-16 units of the raw text; findings of one text are sorted and never overlap.

/** All classes, the most telling first: where findings overlap, the earlier class wins. */
export const findingClasses = [
  // All of a text, where the context's mode is `skeleton`.
  'text',
  'secret',
  'card',
  'iban',
  'national-id',
  'passport',
  'licence',
  'health-id',
  'tax-id',
  'account',
  'email',
  'ip',
  'mac',
  'geo',
  'address',
  'birth-date',
  'phone',
  'domain',
  'handle',
  'organisation',
  'person',
  'place',
  'postcode',
  'group',
  'title',
  'age',
  'date',
  // A stretch of words that are not listed, where the mode is `vocabulary`.
  'word',
] as const;

export type FindingClass = (typeof findingClasses)[number];

/** `[start, end)` in UTF-16 units. `rule` is the id of the rule that found it. */
export interface Finding {
  readonly start: number;
  readonly end: number;
  readonly class: FindingClass;
  readonly rule: string;
}

/** What stands for a value of this class, whatever its length was. */
export function placeholderOf(findingClass: FindingClass): string {
  return `[${findingClass}]`;
}

/** Matches every placeholder; text inside one is never searched. */
export const placeholderPattern = new RegExp(`\\[(?:${findingClasses.join('|')})\\]`, 'g');

/** Sorts, and joins findings that overlap into one over their union. */
export function mergeFindings(findings: readonly Finding[]): Finding[] {
  const sorted = [...findings].sort((a, b) => a.start - b.start || b.end - a.end);
  const merged: Finding[] = [];
  for (const next of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && next.start < last.end) merged[merged.length - 1] = join(last, next);
    else if (next.end > next.start) merged.push(next);
  }
  return merged;
}

function join(a: Finding, b: Finding): Finding {
  const winner = rank(b) < rank(a) ? b : a;
  return { ...winner, start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}

function rank(finding: Finding): number {
  return findingClasses.indexOf(finding.class);
}

/** Puts placeholders in place of findings, which must be sorted and apart. */
export function replaceFindings(text: string, findings: readonly Finding[]): string {
  let out = '';
  let from = 0;
  for (const finding of findings) {
    out += text.slice(from, finding.start) + placeholderOf(finding.class);
    from = finding.end;
  }
  return out + text.slice(from);
}
