import type { CapturedEvent } from '@handrail/core/events';
import type { StructureNode } from '@handrail/core/observation';
import { redactDraft } from '@handrail/core/recorder';
import { redactedValue } from '@handrail/core/redact';
import { Sensitive } from '@handrail/core/sensitive';
import { expect, test } from 'vitest';
import { findOnNodes } from './node-findings.ts';

function node(text: string, x: number, y = 0): StructureNode {
  const bounds = { x, y, width: 40, height: 16 };
  const flags = { role: 'text', roleClass: 'other', editable: false, focused: false } as const;
  return { nodeId: `${x}/${y}`, text: new Sensitive(text), bounds, ...flags };
}

function found(...nodes: readonly StructureNode[]): readonly string[] {
  return [...new Set(findOnNodes(nodes, []).map(({ node: { nodeId } }) => nodeId))];
}

test('a card number over four neighbours is found in each of them', () => {
  const four = [0, 50, 100, 150].map((x) => node('1111', x));
  const card = [node('4111', 0), ...four.slice(1)];
  expect(found(...card)).toEqual(['0/0', '50/0', '100/0', '150/0']);
  expect(found(...card.map((each, at) => node(each.text.reveal(), at * 200)))).toEqual([]);
  expect(found(...card.map((each, at) => node(each.text.reveal(), 0, at * 40)))).toEqual([]);
});

test('an address whose end is a link is found in both parts', () => {
  expect(found(node('jane.roe@', 0), node('example.org', 40))).toEqual(['0/0', '40/0']);
});

test('a card number typed into four fields is gone from all of them', () => {
  const events = ['4111', '1111', '1111', '1111'].map((text, field): CapturedEvent => {
    return { kind: 'run', atMs: field, endedAtMs: field, text, keyCount: 4, field };
  });
  const { texts, fields } = redactDraft(events, () => ({ mode: 'full' }));
  expect(JSON.stringify(redactedValue(texts).surfaces)).not.toMatch(/1111/);
  expect([...fields]).toEqual([0, 1, 2, 3]);
});

test('numbers that make nothing together stay', () => {
  const events = ['12', '34', '56'].map((text, field): CapturedEvent => {
    return { kind: 'run', atMs: field, endedAtMs: field, text, keyCount: 2, field };
  });
  expect(redactDraft(events, () => ({ mode: 'full' })).findings.findings).toEqual([]);
});
