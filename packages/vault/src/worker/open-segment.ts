// One sealed segment becomes checked, redacted content, or the reason why not. Rejected: it is not
// what it claims to be. Quarantined: it is genuine, but may show what it must not.

import type { OpenedSegment } from '@handrail/core/dataset';
import { HandrailError } from '@handrail/core/errors';
import { openBulk } from '@handrail/core/open';
import type { KnownValues } from '@handrail/core/pixels';
import { rulesOfCaptured } from '@handrail/core/redact';
import {
  decodeContent,
  parseSealed,
  type SealedSegment,
  type SegmentContent,
  unpad,
  verifySealed,
} from '@handrail/core/segment';
import type { ManifestFile } from '@handrail/core/statement';
import { type Layouts, whyNotContent } from './check-segment.ts';
import type { OcrEngine } from './ocr/engine.ts';
import { redactSegment } from './pixels/redact-segment.ts';
import type { RefineTask, SegmentInput } from './task.ts';

export type Opening =
  | { readonly kind: 'opened'; readonly segment: OpenedSegment }
  | { readonly kind: 'rejected' | 'quarantined'; readonly reason: string };

export type Verified =
  | { readonly kind: 'verified'; readonly segment: SealedSegment; readonly manifest: ManifestFile }
  | { readonly kind: 'rejected'; readonly reason: string };

/** Checks signature and header against the task; opens nothing. */
export async function verifySegment(task: RefineTask, input: SegmentInput): Promise<Verified> {
  try {
    const segment = parseSealed(input.bytes);
    const { header } = segment;
    const manifest = Object.hasOwn(task.manifests, header.manifest)
      ? task.manifests[header.manifest]
      : undefined;
    const ours =
      segment.id === input.id &&
      header.programme === task.programme &&
      header.pseudonym === task.pseudonym &&
      header.consentEpoch === task.consentEpoch;
    if (!(await verifySealed(segment, input.deviceKey))) return rejected('signature.invalid');
    if (!ours) return rejected('header.foreign');
    if (manifest === undefined) return rejected('manifest.unknown');
    return { kind: 'verified', segment, manifest };
  } catch (error) {
    return rejected(codeOf(error));
  }
}

/** What goes on through the segments of a session, in order. */
export interface SessionSoFar {
  readonly layouts: Layouts;
  readonly known: KnownValues;
  readonly engine: OcrEngine;
}

/** Opens a verified segment. */
export async function openSegment(
  { segment, manifest }: Verified & { kind: 'verified' },
  { contentKey, isReleased }: Pick<SegmentInput, 'contentKey' | 'isReleased'>,
  { layouts, known, engine }: SessionSoFar,
): Promise<Opening> {
  let content: SegmentContent;
  try {
    content = decodeContent(unpad(await openBulk(contentKey, segment.headerBytes, segment.body)));
  } catch (error) {
    return rejected(codeOf(error));
  }
  const { id, header } = segment;
  const edge = header.display === 'import' ? 1 : 0;
  const refusal = whyNotContent(content, manifest, layouts, edge);
  if (refusal !== undefined) return rejected(refusal);
  const ruleOf = rulesOfCaptured(content.contexts, manifest);
  const redacted = await redactSegment(content, { engine, known, ruleOf, isReleased });
  if (redacted.kind === 'quarantined') return redacted;
  const { startedAtMs, contexts } = content;
  const { events, frames } = redacted;
  const { sequence } = header;
  return { kind: 'opened', segment: { id, sequence, startedAtMs, contexts, events, frames } };
}

function rejected(reason: string): { readonly kind: 'rejected'; readonly reason: string } {
  return { kind: 'rejected', reason };
}

export function codeOf(error: unknown): string {
  return error instanceof HandrailError ? error.code : 'internal';
}
