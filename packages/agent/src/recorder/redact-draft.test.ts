import type { CapturedEvent } from '@handrail/core/events';
import { redactedValue } from '@handrail/core/redact';
import { expect, test } from 'vitest';
import { redactDraft } from './redact-draft.ts';

function run(text: string, field = 0): CapturedEvent {
  return { kind: 'run', atMs: 0, endedAtMs: 0, text, keyCount: text.length, field };
}

function key(name: string): CapturedEvent {
  return { kind: 'key', atMs: 0, key: name, down: true };
}

function textsOf(events: readonly CapturedEvent[]): string[] {
  return redactedValue(redactDraft(events).texts).surfaces.map((surface) => surface.text);
}

test('a card number split over two runs of one field is gone from both', () => {
  const texts = textsOf([run('pay 4111 1111'), run(' 1111 1111 now')]);
  expect(texts.join('|')).not.toMatch(/1111/);
  expect(texts[0]).toContain('pay');
  expect(texts[1]).toContain('now');
});

test('a card number that a Backspace completes is gone', () => {
  const texts = textsOf([run('4111 1111 1112'), key('backspace'), run('1 1111')]);
  expect(texts.join('|')).not.toMatch(/1111/);
});

test('what is typed after a secret was selected and deleted is no part of it', () => {
  const secret = `ghp_${'a1B2'.repeat(9)}`;
  const events = [run(secret), key('ctrl'), key('a'), key('delete'), run('Visit to the harbour')];
  expect(textsOf(events)).toEqual(['[secret]', 'Visit to the harbour']);
});

test('a value typed in one field is gone where it stands in another', () => {
  const texts = textsOf([run('jane.roe@example.org', 0), run('write to jane.roe@example.org', 1)]);
  expect(texts.join('|')).not.toContain('jane.roe');
});

test('a task text is redacted with the rest', () => {
  const [text] = textsOf([
    { kind: 'task', atMs: 0, edge: 'start', text: 'mail jane.roe@example.org' },
  ]);
  expect(text).toBe('mail [email]');
});

test('plain typing stays as it is and marks no field', () => {
  const redacted = redactDraft([run('quarterly report')]);
  expect(redacted.fields.size).toBe(0);
  expect(redacted.known).toEqual([]);
});
