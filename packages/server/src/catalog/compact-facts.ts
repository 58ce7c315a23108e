// What of the book of facts still says something: nodes that were replaced or dropped, names of
// those who have left, and earlier states of a release do not, and go. Pure.
import type { JournalRecord } from '../storage/journal.ts';
import { type Fact, factSchema } from './fact.ts';

interface Entry {
  readonly sequence: number;
  readonly fact: Fact;
}

/** The records that lead to the same, in order; `active` are the pseudonyms that take part. */
export function compactFacts(
  records: readonly JournalRecord[],
  active: ReadonlySet<string>,
): readonly JournalRecord[] {
  const entries = records.map(({ sequence, value }) => ({
    sequence,
    fact: factSchema.parse(value),
  }));
  const latest = latestOf(entries);
  return entries.flatMap(({ sequence, fact }) => {
    const value = keptOf(sequence, fact, latest, active);
    return value === undefined ? [] : [{ sequence, value }];
  });
}

/** For each node that is there, and each release: the record that spoke of it last. */
function latestOf(entries: readonly Entry[]) {
  const nodes = new Map<string, number>();
  const releases = new Map<string, number>();
  for (const { sequence, fact } of entries) {
    if (fact.kind === 'release') releases.set(fact.facts.id, sequence);
    if (fact.kind !== 'nodes') continue;
    for (const name of Object.keys(fact.put)) nodes.set(name, sequence);
    for (const name of fact.drop) nodes.delete(name);
  }
  return { nodes, releases };
}

function keptOf(
  sequence: number,
  fact: Fact,
  { nodes, releases }: ReturnType<typeof latestOf>,
  active: ReadonlySet<string>,
): Fact | undefined {
  if (fact.kind === 'login-link' && fact.holder.startsWith('part_')) {
    return active.has(fact.holder) ? fact : undefined;
  }
  if (fact.kind === 'name') return active.has(fact.pseudonym) ? fact : undefined;
  if (fact.kind === 'release') return releases.get(fact.facts.id) === sequence ? fact : undefined;
  if (fact.kind !== 'nodes') return fact;
  const put = Object.entries(fact.put).filter(([name]) => nodes.get(name) === sequence);
  return put.length === 0 ? undefined : { ...fact, put: Object.fromEntries(put), drop: [] };
}
