import { describe, expect, test } from 'vitest';
import { findInText } from '../find.ts';
import type { Rule } from '../rule.ts';
import { loadRules } from '../rule.ts';
import { rules } from './all.ts';
import { contactRules } from './contact.ts';

function marked(example: string): { text: string; start: number; end: number } {
  const start = example.indexOf('«');
  return { text: example.replace(/[«»]/g, ''), start, end: example.indexOf('»') - 1 };
}

describe.each(rules.map((rule): [string, Rule] => [rule.id, rule]))('rule %s', (_id, rule) => {
  test.each(rule.positive)('marks exactly the value in %j', (example) => {
    const { text, start, end } = marked(example);
    const spans = findInText(text, { rules: [rule] }).map((finding) => [
      finding.start,
      finding.end,
    ]);
    expect(spans).toEqual([[start, end]]);
  });

  test.each(rule.negative)('leaves %j alone', (example) => {
    expect(findInText(example, { rules: [rule] })).toEqual([]);
  });
});

test('a rule without both kinds of examples does not load', () => {
  const [draft] = contactRules;
  if (draft === undefined) throw new Error('no rule to spoil');
  expect(() => loadRules([{ ...draft, positive: [] }])).toThrow('no positive example');
  expect(() => loadRules([{ ...draft, positive: ['unmarked'] }])).toThrow('no positive example');
  expect(() => loadRules([{ ...draft, negative: [] }])).toThrow('no negative example');
  expect(() => loadRules([draft, draft])).toThrow('id of another');
});

test('there are rules of every kind', () => {
  expect(rules.length).toBeGreaterThan(60);
});
