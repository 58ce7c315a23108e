// Rules for secrets that others keep, in the form of secretlint's: run on capped windows, and only
// on texts that could hold what they look for.
import type { Finding } from '../finding.ts';

/** What a secretlint scanner reads and calls. */
interface RuleContext {
  readonly sharedOptions: object;
  createTranslator(messages: unknown): (id: string) => object;
  report(found: { readonly range: readonly number[] }): void;
  ignore(): void;
}

interface ScannedText {
  readonly content: string;
  readonly filePath: string;
  readonly ext: string;
  readonly contentType: 'text';
}

/** A rule as `@secretlint/secretlint-rule-preset-recommend` exports them. */
export interface SecretRule {
  readonly meta: { readonly id: string; readonly type: string };
  create(context: RuleContext, options: object): { file?(text: ScannedText): unknown };
}

/** Windows in UTF-16 units, and what they share. */
const windowChars = 16 * 1024;
const overlapChars = 2 * 1024;
/** A long run of what keys are made of, a password in an address, a block. */
const couldHold = /[A-Za-z0-9_\-+/=.]{16}|:\/\/[^\s/]{1,64}:|-----BEGIN/;

export function findBySecretRules(text: string, rules: readonly SecretRule[]): Finding[] {
  if (!couldHold.test(text)) return [];
  const findings: Finding[] = [];
  for (let from = 0; from < text.length; from += windowChars - overlapChars) {
    const content = text.slice(from, from + windowChars);
    for (const rule of rules) findings.push(...runRule(rule, content, from));
    if (from + windowChars >= text.length) break;
  }
  return findings;
}

function runRule(rule: SecretRule, content: string, from: number): Finding[] {
  const findings: Finding[] = [];
  const context: RuleContext = {
    sharedOptions: {},
    createTranslator: () => (id) => ({ message: id, messageId: id }),
    report: ({ range: [start = 0, end = 0] }) => {
      if (start < 0 || end > content.length || end <= start) return;
      findings.push({ start: from + start, end: from + end, class: 'secret', rule: 'secretlint' });
    },
    ignore: () => undefined,
  };
  rule.create(context, {}).file?.({ content, filePath: '', ext: '', contentType: 'text' });
  return findings;
}

/** The rules among `rules` that look at texts; the others set options or filter comments. */
export function scanners(rules: readonly SecretRule[]): readonly SecretRule[] {
  return rules.filter((rule) => rule.meta.type === 'scanner');
}
