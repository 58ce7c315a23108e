import '@handrail/testbed/redaction-sources';
import { describe, expect, test } from 'vitest';
import {
  apply,
  findAll,
  type JointRecord,
  type MaskedRecord,
  redactedValue,
  type Surface,
} from './index.ts';

const bounds = { x: 10, y: 20, width: 300, height: 24 };
const token = 'Zk8vQ2xW9rT4yB7nLm3p';

const surfaces: readonly Surface[] = [
  { kind: 'text', ref: 'run:1', text: `password=${token}`, bounds },
  { kind: 'title', ref: 'title', text: `draft ${token.toUpperCase()} - Editor` },
  { kind: 'url', ref: 'url', text: `http://h/?q=${token.slice(0, 4)}%2D${token.slice(4)}` },
  { kind: 'node', ref: 'node:1', text: `Value ${token}`, bounds: { ...bounds, y: 60 } },
  { kind: 'node', ref: 'node:2', text: token.slice(0, 9), bounds: { ...bounds, y: 90 } },
  { kind: 'node', ref: 'node:3', text: 'Save', bounds: { ...bounds, y: 120 } },
  { kind: 'word', ref: 'word:1', text: `${token},`, bounds: { ...bounds, y: 150 } },
];

function mask(record: JointRecord): MaskedRecord {
  return redactedValue(apply(record, findAll(record)));
}

function squashed(text: string): string {
  return decodeURIComponent(text).replace(/[^\w]/g, '').toLowerCase();
}

describe('a secret found in a typed run', () => {
  test.each(surfaces.map((surface) => surface.ref))('does not stay on %s', (ref) => {
    const surface = mask({ surfaces }).surfaces.find((each) => each.ref === ref);
    expect(surface).toBeDefined();
    expect(squashed(surface?.text ?? '')).not.toContain(token.slice(0, 6).toLowerCase());
  });

  test('gives the boxes of every shown surface that held it, and only those', () => {
    const { boxes, unplaced } = mask({ surfaces });
    expect(boxes.map((box) => box.y)).toEqual([20, 60, 90, 150]);
    expect(unplaced).toEqual([]);
  });

  test('stays on a surface that the application step leaves out', () => {
    const { findings } = findAll({ surfaces });
    for (const ref of ['title', 'url', 'node:1', 'word:1']) {
      const partial = { findings: findings.filter((finding) => finding.ref !== ref) };
      const out = redactedValue(apply({ surfaces }, partial)).surfaces;
      const left = out.find((surface) => surface.ref === ref)?.text ?? '';
      expect(squashed(left)).toContain(squashed(token));
    }
  });
});

test('a short secret is masked elsewhere only as a whole word', () => {
  const { surfaces: out } = mask({
    surfaces: [
      { kind: 'text', ref: 'a', text: 'password=tiger' },
      { kind: 'title', ref: 'b', text: 'Tiger and tigers' },
    ],
  });
  expect(out[1]?.text).toBe('[secret] and tigers');
});

test('the label of a field is context, and is not kept', () => {
  const { surfaces: out } = mask({
    surfaces: [{ kind: 'text', ref: 'a', text: 'tiger', label: 'API key', bounds }],
  });
  expect(out).toEqual([
    {
      kind: 'text',
      ref: 'a',
      text: '[secret]',
      bounds,
      masked: [{ start: 0, end: 8, class: 'secret', rule: 'assigned' }],
    },
  ]);
});

test('replaced text is marked, and a second pass leaves it alone', () => {
  const first = mask({ surfaces });
  expect(findAll(first).findings).toEqual([]);
  const later: JointRecord = {
    surfaces: [...first.surfaces, { kind: 'word', ref: 'w', text: 'a@example.org', bounds }],
  };
  const second = mask(later);
  expect(second.surfaces.slice(0, -1)).toEqual(first.surfaces);
  expect(second.boxes).toEqual([bounds]);
  for (const surface of second.surfaces) {
    for (const { start, end } of surface.masked ?? []) {
      expect(surface.text.slice(start, end)).toMatch(/^\[[a-z-]+\]$/);
    }
  }
});

test('a shown surface without usable geometry is named', () => {
  const secret = `token ${token}`;
  const { boxes, unplaced } = mask({
    surfaces: [
      { kind: 'text', ref: 'none', text: secret },
      { kind: 'node', ref: 'flat', text: secret, bounds: { ...bounds, height: 0 } },
      { kind: 'node', ref: 'odd', text: secret, bounds: { ...bounds, x: Number.NaN } },
      { kind: 'title', ref: 'title', text: secret },
    ],
  });
  expect(boxes).toEqual([]);
  expect(unplaced).toEqual(['none', 'flat', 'odd']);
});

test('findings that do not fit the record are refused', () => {
  const record: JointRecord = { surfaces: [{ kind: 'title', ref: 'a', text: 'short' }] };
  const finding = { ref: 'a', start: 0, end: 3, class: 'secret', rule: 'x' } as const;
  for (const wrong of [
    [{ ...finding, ref: 'b' }],
    [{ ...finding, end: 9 }],
    [{ ...finding, end: Number.NaN }],
    [finding, { ...finding, start: 2, end: 4 }],
  ]) {
    expect(() => apply(record, { findings: wrong })).toThrow(
      expect.objectContaining({ code: 'redaction.failed' }),
    );
  }
  const doubled = { surfaces: [...record.surfaces, ...record.surfaces] };
  expect(() => apply(doubled, { findings: [] })).toThrow('its own ref');
});

test('a name found in one place is masked everywhere, an ordinary word is not', () => {
  const record: JointRecord = {
    surfaces: [
      { kind: 'text', ref: 'run', text: 'my name is miriam okonkwo' },
      { kind: 'title', ref: 'title', text: 'okonkwo-miriam.docx and MIRIAM OKONKWO' },
      { kind: 'node', ref: 'a', text: 'Dear Mark,' },
      { kind: 'node', ref: 'b', text: 'mark all as read' },
      { kind: 'node', ref: 'c', text: 'aged 41' },
      { kind: 'node', ref: 'd', text: '41 items' },
    ],
  };
  const found = findAll(record).findings.map(({ ref, class: each }) => `${ref} ${each}`);
  expect(found).toContain('title person');
  expect(found).toContain('a person');
  expect(found).toContain('c age');
  expect(found.filter((each) => /^[bd] /.test(each))).toEqual([]);
});

test('a field’s name tells what a plain value is', () => {
  const labelled = (label: string, text: string) =>
    findAll({ surfaces: [{ kind: 'text', ref: 'f', text, label }] }).findings[0];
  expect(labelled('Last name', 'stoker')).toMatchObject({ start: 0, end: 6, class: 'person' });
  expect(labelled('City', 'Xanderberg')).toMatchObject({ start: 0, end: 10 });
  expect(labelled('Age', '41')).toMatchObject({ start: 0, end: 2, class: 'age' });
  expect(labelled('Employee ID', '7781234')).toMatchObject({ start: 0, end: 7, class: 'account' });
  expect(labelled('Quantity', '41')).toBeUndefined();
});
