// Openings as their participant reads them: intent and outcome of one job together, and what cannot
// be believed apart from what can.
import type { FoundOpening, OpeningBook } from '@handrail/agent/ledger/opening-book';
import { fromBase64url } from '@handrail/core/bytes';
import { decodeEntry } from '@handrail/core/ledger';
import type { OpenedBy } from '@handrail/core/opening';

export interface Read {
  readonly at: string;
  readonly purpose: string;
  readonly tier: string;
  readonly by: OpenedBy;
  readonly grant?: string;
  readonly release?: string;
  readonly job: string;
  /** Segments, trajectories or the release. */
  readonly ids: readonly string[];
  /** Entries of the ledger: the intent first. */
  readonly entries: readonly { readonly index: number; readonly kind: string }[];
}

export type ReadProblem =
  | { readonly kind: 'not-told'; readonly index: number; readonly at: string }
  | { readonly kind: 'told-falsely'; readonly index: number; readonly at: string }
  | { readonly kind: 'no-tag-key'; readonly consentEpoch: number };

const entriesOfJobMax = 10_000;

export function readsIn(
  { found }: OpeningBook,
  epochsWithoutKey: readonly number[],
): { readonly reads: readonly Read[]; readonly problems: readonly ReadProblem[] } {
  const reads = new Map<string, Read>();
  const problems: ReadProblem[] = epochsWithoutKey.map((consentEpoch) => {
    return { kind: 'no-tag-key', consentEpoch };
  });
  for (const one of [...found].sort((a, b) => a.index - b.index)) {
    const { told, index } = one;
    const { at, kind } = decodeEntry(fromBase64url(one.entry));
    if (told.kind === 'withheld') problems.push({ kind: 'not-told', index, at });
    else if (told.kind === 'false') problems.push({ kind: 'told-falsely', index, at });
    else addTo(reads, at, { index, kind }, told);
  }
  return { reads: [...reads.values()], problems };
}

function addTo(
  reads: Map<string, Read>,
  at: string,
  entry: Read['entries'][number],
  { telling }: Extract<FoundOpening['told'], { kind: 'told' }>,
): void {
  const { job, purpose, tier, by, grant, release } = telling.opening;
  const { ids } = telling.own.part;
  const known = reads.get(job);
  const entries = [...(known?.entries ?? []), entry].slice(0, entriesOfJobMax);
  const whole = { at: known?.at ?? at, purpose, tier, by, job };
  const under = { ...(grant && { grant }), ...(release && { release }) };
  const all = [...new Set([...(known?.ids ?? []), ...ids])];
  reads.set(job, { ...whole, ...under, ids: all, entries });
}

export function readLines(
  reads: readonly Read[],
  problems: readonly ReadProblem[],
  everything: boolean,
): readonly string[] {
  const shown = reads.filter(({ by }) => everything || by.kind !== 'programme');
  const own = reads.filter(({ by }) => by.kind === 'programme');
  return [
    ...problems.map(problemLine),
    ...shown.map(lineOf),
    ...(everything || own.length === 0 ? [] : [ownLine(own)]),
    ...(reads.length === 0 ? ['Nothing of yours has been opened.'] : []),
  ];
}

function problemLine(problem: ReadProblem): string {
  if (problem.kind === 'no-tag-key') {
    const consent = `your consent ${problem.consentEpoch}`;
    return `Openings under ${consent} cannot be found: the vault's key for them is missing.`;
  }
  const where = `entry ${problem.index}, ${problem.at}`;
  return problem.kind === 'not-told'
    ? `AN OPENING YOU WERE NOT TOLD OF: ${where}`
    : `WHAT YOU WERE TOLD IS NOT WHAT STANDS IN THE LEDGER: ${where}`;
}

function lineOf({ at, purpose, tier, by, grant, ids, entries }: Read): string {
  const under = grant === undefined ? '' : `, under ${grant}`;
  const where = entries.map(({ index }) => index).join(', ');
  const done = entries.length > 1 ? '' : ', not known to have ended';
  const what = `${ids.join(', ')} (${tier}) for ${purpose}`;
  return `${at}: ${what} by ${whoIs(by)}${under}${done} [${where}]`;
}

function whoIs(by: OpenedBy): string {
  if (by.kind === 'owner') return 'yourself';
  return by.kind === 'programme' ? 'the programme itself' : `a ${by.role} (${by.id})`;
}

function ownLine(own: readonly Read[]): string {
  const [first, last] = [own[0]?.at ?? '', own.at(-1)?.at ?? ''];
  const times = own.length === 1 ? 'once' : `${own.length} times`;
  const what = 'by the programme itself, to redact and reduce (--all shows each)';
  return `${first} to ${last}: ${times} ${what}`;
}
