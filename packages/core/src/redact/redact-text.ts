// One text by itself, as the command line and callers without a joint record redact it.
import { findInText } from './find.ts';
import { type Finding, replaceFindings } from './finding.ts';
import { markRedacted, type Redacted } from './redacted.ts';

export interface RedactedText {
  readonly findings: readonly Finding[];
  readonly redacted: Redacted<string>;
}

/** Findings of `text`, and `text` with each replaced by its class. Throws `input.too-large`. */
export function redactText(text: string): RedactedText {
  const findings = findInText(text);
  return { findings, redacted: markRedacted(replaceFindings(text, findings)) };
}
