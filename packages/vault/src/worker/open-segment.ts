// One sealed segment becomes checked, redacted content, or the reason why not. Rejected: it is not
// what it claims to be. Quarantined: it is genuine, but may show what it must not.

import type { OpenedFrame, OpenedSegment } from '@handrail/core/dataset';
import { HandrailError } from '@handrail/core/errors';
import { openBulk } from '@handrail/core/open';
import { type RuleOf, rulesOfCaptured } from '@handrail/core/redact';
import {
  decodeContent,
  type Frame,
  parseSealed,
  type SealedSegment,
  type SegmentContent,
  unpad,
  verifySealed,
} from '@handrail/core/segment';
import type { ManifestFile } from '@handrail/core/statement';
import { type Layouts, whyNotContent } from './check-segment.ts';
import { decodeFrames } from './decode-frames.ts';
import { sha256Hex } from './digest.ts';
import { areDrawn } from './drawn-areas.ts';
import { encodeFrame } from './images.ts';
import { redactEvents } from './redact-again.ts';
import type { RefineTask, SegmentInput } from './task.ts';

/** Decoding more than 400 frames of 4K takes is not what a segment is for. */
const pixelsPerSegmentMax = 400 * 3840 * 2160;

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

/** Opens a verified segment. `layouts` goes on through the segments of a session, in order. */
export async function openSegment(
  { segment, manifest }: Verified & { kind: 'verified' },
  contentKey: Uint8Array,
  layouts: Layouts,
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
  const frames = await cleanFrames(content, ruleOf);
  if (typeof frames === 'string') return quarantined(frames);
  const { events, findings } = redactEvents(content.events, ruleOf);
  if (findings > 0 && frames.length > 0) return quarantined('redaction.late');
  const { startedAtMs, contexts } = content;
  const { sequence } = header;
  return { kind: 'opened', segment: { id, sequence, startedAtMs, contexts, events, frames } };
}

/** The frames as they go on, or why they may not. */
async function cleanFrames(
  content: SegmentContent,
  ruleOf: RuleOf,
): Promise<OpenedFrame[] | 'image.broken' | 'mode.pixels'> {
  const frames: OpenedFrame[] = [];
  const pixels = content.frames.reduce((sum, { width, height }) => sum + width * height, 0);
  if (pixels > pixelsPerSegmentMax) return 'image.broken';
  try {
    for (const pixels of decodeFrames(content.frames)) {
      const frame = content.frames[frames.length] as Frame;
      if (!areDrawn(frame, pixels, ruleOf)) return 'mode.pixels';
      const image = await encodeFrame(pixels);
      frames.push({ ...frame, image, id: sha256Hex(image) });
    }
    return frames;
  } catch {
    return 'image.broken';
  }
}

function rejected(reason: string): { readonly kind: 'rejected'; readonly reason: string } {
  return { kind: 'rejected', reason };
}

function quarantined(reason: string): Opening {
  return { kind: 'quarantined', reason };
}

export function codeOf(error: unknown): string {
  return error instanceof HandrailError ? error.code : 'internal';
}
