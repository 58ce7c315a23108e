// Finds what is sensitive in one text: plain form first, escapes undone second, and again over what
// is left once the findings are taken out, until nothing more is found.
import { HandrailError } from '../errors/index.ts';
import { decodeEscapes } from './encoded.ts';
import { type Finding, mergeFindings, placeholderPattern } from './finding.ts';
import { collapse, normalise, type Plain } from './normalise.ts';
import { findBySecretRules } from './outside/secret-rules.ts';
import { findProper } from './proper/find-proper.ts';
import type { Rule } from './rule.ts';
import { haystackOf, matchRule } from './rule-match.ts';
import { rules } from './rules/all.ts';
import { sources } from './sources.ts';

/** Longer texts are refused with `input.too-large`. UTF-16 units. */
export const textCharsMax = 16 * 1024 * 1024;
/** Texts longer than this are searched in windows. UTF-16 units. */
export const windowChars = 256 * 1024;
/** Windows share this much; no rule's match is longer. UTF-16 units. */
export const windowOverlapChars = 32 * 1024;
/** Searches over one text: what a finding uncovers is searched again, so often at most. */
const roundsMax = 4;

/** What to look for. */
export interface Search {
  readonly rules: readonly Rule[];
  /** Looks over a whole plain text, once, for what no pattern alone can know. */
  readonly over?: (plain: string) => readonly Finding[];
}

const everything: Search = { rules, over: findOverWhole };

function findOverWhole(plain: string): Finding[] {
  const { secretRules, recogniser } = sources();
  return [
    ...findProper(plain),
    ...findBySecretRules(plain, secretRules),
    ...(recogniser?.(plain) ?? []),
  ];
}

/** Sorted findings that do not overlap. Text inside placeholders is not searched. */
export function findInText(text: string, search: Search = everything): Finding[] {
  if (text.length > textCharsMax) {
    throw new HandrailError('input.too-large', `split texts over ${textCharsMax} characters`);
  }
  if (text.length <= windowChars) return findInWindow(text, search);
  const findings: Finding[] = [];
  for (let from = 0; from < text.length; from += windowChars - windowOverlapChars) {
    const part = findInWindow(text.slice(from, from + windowChars), search);
    for (const finding of part) findings.push(moved(finding, from));
    if (from + windowChars >= text.length) break;
  }
  return mergeFindings(findings);
}

function findInWindow(text: string, search: Search): Finding[] {
  const placeholders = text.includes('[')
    ? Array.from(text.matchAll(placeholderPattern), (match) => ({
        start: match.index,
        end: match.index + match[0].length,
      }))
    : [];
  const plain = normalise(text);
  const proper = findOver(collapse(plain, placeholders), search);
  let byRules: Finding[] = [];
  for (let round = 0; round < roundsMax; round++) {
    const taken = [...placeholders, ...byRules].sort((a, b) => a.start - b.start);
    const found = findInPlain(collapse(plain, taken), search.rules);
    if (found.length === 0) break;
    byRules = mergeFindings([...byRules, ...found]);
  }
  return mergeFindings([...byRules, ...proper]);
}

function findOver(plain: Plain, { over }: Search): Finding[] {
  return (over?.(plain.text) ?? []).map((finding) => {
    const start = plain.starts[finding.start] ?? 0;
    return { ...finding, start, end: plain.ends[finding.end - 1] ?? start };
  });
}

function findInPlain(plain: Plain, using: readonly Rule[]): Finding[] {
  const findings = findInView(plain, using);
  const decoded = decodeEscapes(plain);
  return decoded ? [...findings, ...findInView(decoded, using)] : findings;
}

function findInView(plain: Plain, using: readonly Rule[]): Finding[] {
  const hay = haystackOf(plain.text);
  const findings: Finding[] = [];
  for (const rule of using) {
    matchRule(rule, hay, ([from, to]) => {
      const start = plain.starts[from] ?? 0;
      const end = plain.ends[to - 1] ?? start;
      findings.push({ start, end, class: rule.class, rule: rule.id });
    });
  }
  return findings;
}

export function moved(finding: Finding, by: number): Finding {
  return { ...finding, start: finding.start + by, end: finding.end + by };
}
