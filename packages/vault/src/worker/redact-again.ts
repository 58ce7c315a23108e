// The second pass over every text of a segment and of a trajectory. The device has redacted them
// before: whatever is found here may also stand in its frames.
import type { Trajectory } from '@handrail/core/dataset';
import type { CapturedEvent } from '@handrail/core/events';
import { redactedValue, redactText } from '@handrail/core/redact';
import './word-files.ts';

export interface RedactedEvents {
  readonly events: readonly CapturedEvent[];
  /** How many findings the device had missed. */
  readonly findings: number;
}

export function redactEvents(events: readonly CapturedEvent[]): RedactedEvents {
  let findings = 0;
  const clean = (text: string, charsMax: number) => {
    const result = redactText(text);
    findings += result.findings.length;
    // A placeholder may be longer than what it stands for.
    return result.findings.length === 0 ? text : redactedValue(result.redacted).slice(0, charsMax);
  };
  const redacted = events.map((event): CapturedEvent => {
    if (event.kind === 'run') return { ...event, text: clean(event.text, 20_000) };
    if (event.kind === 'task') return { ...event, text: clean(event.text, 2000) };
    return event;
  });
  return { events: redacted, findings };
}

/** Actions may join texts that were apart, and keys that should have been a run. */
export function redactActions(trajectory: Trajectory): Trajectory {
  const actions = trajectory.actions.map((action) => {
    if (action.text === undefined) return action;
    return { ...action, text: redactedValue(redactText(action.text).redacted) };
  });
  return { ...trajectory, actions };
}

/** True when any text of `trajectory` holds something that a rule finds. */
export function hasFindings({ instruction, actions }: Trajectory): boolean {
  const texts = [instruction, ...actions.map(({ text, keys }) => text ?? keys?.join(' ') ?? '')];
  return texts.some((text) => text !== '' && redactText(text).findings.length > 0);
}
