// What of a draft goes into its segment, once all of its texts are redacted.
import { rulesOf } from '../redact/index.ts';
import { eventOfSurface, type Frame, maskKeys, type SegmentContent } from '../segment/index.ts';
import { type CaptureContext, capturedContext } from '../statement/index.ts';
import type { Draft } from './draft.ts';
import type { RedactedTexts } from './redact-draft.ts';

export interface ContentParts {
  /** Unix ms. */
  readonly startedAtMs: number;
  readonly contexts: readonly CaptureContext[];
  readonly frames: readonly Frame[];
}

/** The texts that its events hold are not encoded: `encodeContent` takes the redacted ones. */
export function contentOf(
  draft: Draft,
  redacted: RedactedTexts,
  { startedAtMs, contexts, frames }: ContentParts,
): SegmentContent {
  return {
    v: 1,
    startedAtMs: Math.max(0, Math.round(startedAtMs)),
    contexts: contexts.map(capturedContext),
    events: maskKeys(draft.events, rulesOf(contexts)),
    frames,
    findings: redacted.findings.findings.map((finding) => {
      const index = eventOfSurface(finding.ref) ?? 0;
      const surface = draft.events[index]?.kind === 'task' ? ('task' as const) : ('run' as const);
      return { surface, index, class: finding.class, rule: finding.rule };
    }),
  };
}
