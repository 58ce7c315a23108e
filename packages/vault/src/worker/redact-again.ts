// The second pass over every text of a segment and of a trajectory, under the modes of the signed
// manifest. The device has redacted them before: what is found here may also stand in its frames.
import type { Trajectory } from '@handrail/core/dataset';
import type { CapturedEvent } from '@handrail/core/events';
import {
  type RuleOf,
  redactedValue,
  redactText,
  rulesOfCaptured,
  skeletonRule,
  type TextRule,
} from '@handrail/core/redact';
import { coarseKeyCount, maskKeys, withContexts } from '@handrail/core/segment';
import type { ManifestFile } from '@handrail/core/statement';
import './redaction-sources.ts';

export interface RedactedEvents {
  readonly events: readonly CapturedEvent[];
  /** How many findings the device had missed. */
  readonly findings: number;
}

export function redactEvents(events: readonly CapturedEvent[], ruleOf: RuleOf): RedactedEvents {
  let findings = 0;
  const clean = (text: string, charsMax: number, rule?: TextRule) => {
    const result = redactText(text, rule);
    findings += result.findings.length;
    // A placeholder may be longer than what it stands for.
    return result.findings.length === 0 ? text : redactedValue(result.redacted).slice(0, charsMax);
  };
  const redacted = withContexts(maskKeys(events, ruleOf)).map(({ event, context }) => {
    if (event.kind === 'task') return { ...event, text: clean(event.text, 2000) };
    if (event.kind !== 'run') return event;
    const rule = ruleOf(context);
    const text = clean(event.text, 20_000, rule);
    const isWhole = text === event.text && rule.mode === 'full';
    return { ...event, text, keyCount: isWhole ? event.keyCount : coarseKeyCount(event.keyCount) };
  });
  return { events: redacted, findings };
}

/** Actions may join texts that were apart, and keys that should have been a run. */
export function redactActions(trajectory: Trajectory, manifest: ManifestFile): Trajectory {
  const ruleOf = rulesOfCaptured(trajectory.contexts, manifest);
  const actions = trajectory.actions.map((action) => {
    if (action.text === undefined) return action;
    const { redacted } = redactText(action.text, ruleOf(action.context));
    return { ...action, text: redactedValue(redacted) };
  });
  return { ...trajectory, actions };
}

/** True when any text of `trajectory` holds something that a rule finds. */
export function hasFindings({ instruction, actions, contexts }: Trajectory): boolean {
  if (redactText(instruction).findings.length > 0) return true;
  return actions.some(({ text, keys, context }) => {
    const isSkeleton = context !== null && contexts[context]?.mode === 'skeleton';
    const typed = text ?? keys?.join(' ') ?? '';
    const rule = isSkeleton && text !== undefined ? skeletonRule : undefined;
    return redactText(typed, rule).findings.length > 0;
  });
}
