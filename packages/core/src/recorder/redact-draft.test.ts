import '@handrail/testbed/redaction-sources';
import { describe, expect, test } from 'vitest';
import type { CapturedEvent } from '../events/index.ts';
import { redactedValue, rulesOf } from '../redact/index.ts';
import { withTexts } from '../segment/index.ts';
import { redactDraft } from './redact-draft.ts';

const ruleOf = rulesOf([{ app: 'editor', mode: 'full' }]);

function run(text: string, field = 0): CapturedEvent {
  return { kind: 'run', atMs: 0, endedAtMs: 0, text, keyCount: text.length, field };
}

function key(name: string): CapturedEvent {
  return { kind: 'key', atMs: 0, key: name, down: true };
}

function textsOf(events: readonly CapturedEvent[]): string[] {
  return redactedValue(redactDraft(events, ruleOf).texts).surfaces.map((surface) => surface.text);
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
  const redacted = redactDraft([run('quarterly report')], ruleOf);
  expect(redacted.fields.size).toBe(0);
  expect(redacted.known).toEqual([]);
});

describe('contexts that keep less than all text', () => {
  const ruleFor = rulesOf([
    { app: 'editor', mode: 'full' },
    { app: 'mail', mode: 'skeleton' },
    { app: 'ledger', mode: 'vocabulary', words: ['Invoice'] },
  ]);
  const within = (context: number | null): CapturedEvent => ({ kind: 'window', atMs: 0, context });
  const textsIn = (...events: readonly CapturedEvent[]) =>
    redactedValue(redactDraft(events, ruleFor).texts).surfaces.map((surface) => surface.text);

  test('each run is of the context of the window before it', () => {
    const typed = run('Save Invoice 7 of ferries');
    expect(textsIn(within(0), typed, within(1), typed, within(2), typed, within(0), typed)).toEqual(
      [
        'Save Invoice 7 of ferries',
        '[text]',
        'Save Invoice [word] of [word]',
        'Save Invoice 7 of ferries',
      ],
    );
    expect(textsIn(typed, within(null), typed)).toEqual(['[text]', '[text]']);
  });

  test('a word in pieces is as unlisted as the whole', () => {
    const pieces = [run('harbour fer', 1), key('backspace'), run('rries', 1)];
    expect(textsIn(within(2), ...pieces)).toEqual(['[word]', '[word]']);
  });

  test('the words of a task are of no context', () => {
    const task = { kind: 'task', atMs: 0, edge: 'start', text: 'answer a letter' } as const;
    expect(textsIn(within(1), task)).toEqual(['answer a letter']);
  });

  test('what is written down tells no length, neither of the text nor by its keys', () => {
    const events = [within(1), run('a'.repeat(23)), run('b'.repeat(60)), within(0), run('plain')];
    const { texts } = redactDraft(events, ruleFor);
    const written = withTexts(events, texts).flatMap((event) => {
      return event.kind === 'run' ? [[event.text, event.keyCount]] : [];
    });
    expect(written).toEqual([
      ['[text]', 64],
      ['[text]', 64],
      ['plain', 5],
    ]);
  });

  test('a value typed there is looked for in later frames, plain words are not', () => {
    expect(redactDraft([within(1), run('dear friends')], ruleFor).known).toEqual([]);
    const [known] = redactDraft([within(1), run('to ada@example.org')], ruleFor).known;
    expect(known?.reveal()).toBe('to ada@example.org');
  });
});
