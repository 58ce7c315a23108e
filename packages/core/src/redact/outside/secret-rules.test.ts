import { expect, test } from 'vitest';
import { findBySecretRules, type SecretRule, scanners } from './secret-rules.ts';

/** Finds every run of Q, and says how much text it saw at once. */
function ruleFor(seen: number[]): SecretRule {
  return {
    meta: { id: 'q', type: 'scanner' },
    create: (context) => ({
      file({ content }) {
        seen.push(content.length);
        for (const { index, 0: found } of content.matchAll(/Q{16,64}/g)) {
          context.report({ range: [index, index + found.length] });
        }
      },
    }),
  };
}

test('what a rule reports is a secret', () => {
  const findings = findBySecretRules(`key ${'Q'.repeat(20)}.`, [ruleFor([])]);
  expect(findings).toEqual([{ start: 4, end: 24, class: 'secret', rule: 'secretlint' }]);
});

test('a rule sees a long text in windows, and a value on their seam whole', () => {
  const seen: number[] = [];
  for (const at of [16_370, 14_330]) {
    const text = `${'word '.repeat(10_000).slice(0, at)}${'Q'.repeat(40)} ${'word '.repeat(9_000)}`;
    const findings = findBySecretRules(text, [ruleFor(seen)]);
    expect(findings).toContainEqual({
      start: at,
      end: at + 40,
      class: 'secret',
      rule: 'secretlint',
    });
  }
  expect(Math.max(...seen)).toBe(16 * 1024);
});

test('texts that can hold no secret are not shown to the rules', () => {
  const seen: number[] = [];
  findBySecretRules('an ordinary sentence about nothing', [ruleFor(seen)]);
  expect(seen).toEqual([]);
});

test('only scanners run', () => {
  const rule = ruleFor([]);
  const preset: SecretRule = { ...rule, meta: { id: 'p', type: 'preset' } };
  expect(scanners([preset, rule])).toEqual([rule]);
});
