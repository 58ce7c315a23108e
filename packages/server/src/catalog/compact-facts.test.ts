import { expect, test } from 'vitest';
import { compactFacts } from './compact-facts.ts';

const nodes = (put: Readonly<Record<string, string>>, ...drop: readonly string[]) => ({
  kind: 'nodes',
  put,
  drop,
});

const name = (pseudonym: string) => ({ kind: 'name', pseudonym, name: 'Someone' });

test('nodes are kept as they are now, each in the record that put it last', () => {
  const values = [
    nodes({ a: 'AAAA', b: 'BBBB', c: 'CCCC' }),
    nodes({ a: 'DDDD' }, 'b'),
    nodes({ e: 'EEEE' }, 'c', 'never-there'),
    nodes({}, 'e'),
    nodes({ c: 'FFFF' }),
  ];
  const records = values.map((value, at) => ({ sequence: at + 1, value }));
  expect(compactFacts(records, new Set())).toEqual([
    { sequence: 2, value: nodes({ a: 'DDDD' }) },
    { sequence: 5, value: nodes({ c: 'FFFF' }) },
  ]);
});

test('names of those who have left go', () => {
  const records = [name('part_a'), name('part_b')].map((value, at) => ({
    sequence: at + 1,
    value,
  }));
  expect(compactFacts(records, new Set(['part_b']))).toEqual([
    { sequence: 2, value: name('part_b') },
  ]);
});
