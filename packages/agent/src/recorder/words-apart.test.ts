import { findAll, useWordBytes, wordBytes } from '@handrail/core/redact';
import { expect, test } from 'vitest';
import { loadWordsApart } from './words-apart.ts';

test('words that another process loaded are known here, without their files', async () => {
  const text = 'Marie Dupont lives in Paris';
  const find = () => findAll({ surfaces: [{ kind: 'text', ref: 'a', text }] }).findings.length;
  expect(find).toThrow(expect.objectContaining({ code: 'redaction.failed' }));
  await loadWordsApart();
  expect(find()).toBeGreaterThan(0);
});

test('bytes that are no such table are refused', () => {
  const whole = wordBytes();
  expect(() => useWordBytes(whole)).not.toThrow();
  const full = Uint8Array.from(whole).fill(1, 0, whole.length * 0.8);
  for (const bytes of [whole.subarray(1), new Uint8Array(whole.length), new Uint8Array(), full]) {
    expect(() => useWordBytes(bytes)).toThrow(
      expect.objectContaining({ code: 'redaction.failed' }),
    );
  }
});
