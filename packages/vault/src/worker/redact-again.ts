// A last look at the texts of a trajectory, under the modes of the signed manifest: actions may
// join what was apart in events.
import type { Trajectory } from '@handrail/core/dataset';
import { redactedValue, redactText, rulesOfCaptured, skeletonRule } from '@handrail/core/redact';
import type { ManifestFile } from '@handrail/core/statement';
import './redaction-sources.ts';

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
