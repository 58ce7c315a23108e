import { loadWords, useWordBytes, wordBytes } from '@handrail/core/redact';
import { expect, test } from 'vitest';
import { loadWordsApart } from './words-apart.ts';

test('words that another process loaded are known here, without their files', async () => {
  expect(loadWords).toThrow(expect.objectContaining({ code: 'redaction.failed' }));
  await loadWordsApart();
  expect(loadWords).not.toThrow();
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
