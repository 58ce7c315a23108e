// Rules are data. Each carries texts it must mark and texts it must leave alone; one that lacks
// either, or whose patterns are not bounded, does not load.
import { HandrailError } from '../errors/index.ts';
import type { FindingClass } from './finding.ts';
import { whyNotLinear } from './pattern-linear.ts';

/** Examples mark the value with « and »: `mail «jane@example.org» today`. */
export interface RuleDraft {
  readonly id: string;
  readonly class: FindingClass;
  /** What must stand directly before the value, such as `password:`. */
  readonly lead?: RegExp;
  /** The value. After a `lead` it must begin where the lead ends. */
  readonly pattern: RegExp;
  /** A word that must stand near: up to 48 characters before or 24 after. */
  readonly near?: RegExp;
  /** As `near`, but a word that must not. */
  readonly notNear?: RegExp;
  /** Decides on the value as written, or on a window of it in upper case without separators. */
  readonly check?: (value: string) => boolean;
  /** Fewest and most letters and digits: `check` then picks groups out of the match. */
  readonly windows?: readonly [min: number, max: number];
  /** Lower-case texts, one of which every match has: the rule is skipped where all are absent. */
  readonly hints?: readonly string[];
  /** Digits that every match has: the rule is skipped in texts with fewer. */
  readonly digitsMin?: number;
  readonly positive: readonly string[];
  readonly negative: readonly string[];
}

export interface Rule extends RuleDraft {
  /** `pattern`, global, or sticky where there is a lead. */
  readonly matcher: RegExp;
  readonly leadMatcher: RegExp | undefined;
}

/** Throws `internal` for a rule without both kinds of examples, or with unbounded patterns. */
export function loadRules(drafts: readonly RuleDraft[]): readonly Rule[] {
  const ids = new Set<string>();
  return drafts.map((draft) => {
    const problem = ids.has(draft.id) ? 'has the id of another' : whyNotLoad(draft);
    if (problem) throw new HandrailError('internal', `mend redaction rule ${draft.id}: ${problem}`);
    ids.add(draft.id);
    return load(draft);
  });
}

function whyNotLoad(draft: RuleDraft): string | undefined {
  if (!draft.positive.some((text) => /«[^»]+»/.test(text))) return 'no positive example';
  if (draft.negative.length === 0) return 'no negative example';
  const patterns = [draft.pattern, draft.lead, draft.near, draft.notNear];
  return patterns.map((each) => each && whyNotLinear(each)).find((why) => why !== undefined);
}

function load(draft: RuleDraft): Rule {
  const { pattern, lead } = draft;
  const matcher = new RegExp(pattern.source, pattern.flags + (lead ? 'y' : 'g'));
  return {
    ...draft,
    matcher,
    leadMatcher: lead && new RegExp(lead.source, `${lead.flags}g`),
  };
}
