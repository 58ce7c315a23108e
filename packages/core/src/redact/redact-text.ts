// One text by itself, as the command line and callers without a joint record redact it.
import { findInText } from './find.ts';
import { type Finding, mergeFindings, replaceFindings } from './finding.ts';
import { findByRule } from './modes/find-by-rule.ts';
import type { TextRule } from './modes/text-rule.ts';
import { markRedacted, type Redacted } from './redacted.ts';

export interface RedactedText {
  readonly findings: readonly Finding[];
  readonly redacted: Redacted<string>;
}

/** Findings of `text`, and `text` with each replaced by its class. Throws `input.too-large`. */
export function redactText(text: string, rule: TextRule = { mode: 'full' }): RedactedText {
  const found = findInText(text);
  const findings = mergeFindings([...found, ...findByRule(text, rule, found)]);
  return { findings, redacted: markRedacted(replaceFindings(text, findings)) };
}
