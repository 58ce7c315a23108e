// One step applies a finding set to every surface of the record together. A finding that fits no
// surface is an error, never skipped.
import { HandrailError } from '../errors/index.ts';
import { type Finding, placeholderOf, replaceFindings } from './finding.ts';
import type { Box, FindingSet, JointRecord, MaskedRecord, Surface } from './joint-record.ts';
import { markRedacted, type Redacted } from './redacted.ts';

/** Replaces all findings on all surfaces. Throws `redaction.failed` where one does not fit. */
export function apply(record: JointRecord, set: FindingSet): Redacted<MaskedRecord> {
  const bySurface = groupByRef(record, set);
  const boxes: Box[] = [];
  const unplaced: string[] = [];
  const surfaces = record.surfaces.map((surface) => {
    const findings = bySurface.get(surface.ref) ?? [];
    const box = 'bounds' in surface ? surface.bounds : undefined;
    if (findings.length > 0 && isShown(surface)) {
      if (box && isUsable(box)) boxes.push(box);
      else unplaced.push(surface.ref);
    }
    return maskSurface(surface, findings);
  });
  return markRedacted({ surfaces, boxes, unplaced });
}

function groupByRef(record: JointRecord, set: FindingSet): Map<string, Finding[]> {
  const texts = new Map<string, string>();
  for (const { ref, text } of record.surfaces) {
    if (texts.has(ref)) fail('give each surface its own ref');
    texts.set(ref, text);
  }
  const groups = new Map<string, Finding[]>();
  for (const finding of set.findings) {
    const text = texts.get(finding.ref);
    const group = groups.get(finding.ref) ?? [];
    const from = group.at(-1)?.end ?? 0;
    const fits = finding.start >= from && finding.end > finding.start;
    if (text === undefined || !fits || !(finding.end <= text.length)) {
      fail('compute findings from the record they are applied to');
    }
    groups.set(finding.ref, [...group, finding]);
  }
  return groups;
}

function maskSurface(surface: Surface, findings: readonly Finding[]): Surface {
  const { label: _context, rule: _rule, ...kept } = surface;
  if (findings.length === 0) return kept;
  const earlier = surface.masked ?? [];
  const marks = [...earlier, ...findings].sort((a, b) => a.start - b.start);
  return {
    ...kept,
    text: replaceFindings(surface.text, findings),
    masked: placed(marks, new Set(findings)),
  };
}

/** Where the placeholders stand in the replaced text. */
function placed(marks: readonly Finding[], fresh: ReadonlySet<Finding>): Finding[] {
  let shift = 0;
  return marks.map((mark) => {
    const start = mark.start + shift;
    const length = fresh.has(mark) ? placeholderOf(mark.class).length : mark.end - mark.start;
    shift += length - (mark.end - mark.start);
    return { start, end: start + length, class: mark.class, rule: mark.rule };
  });
}

function isShown(surface: Surface): boolean {
  return surface.kind !== 'title' && surface.kind !== 'url';
}

function isUsable({ x, y, width, height }: Box): boolean {
  return [x, y, width, height].every(Number.isSafeInteger) && width > 0 && height > 0;
}

function fail(what: string): never {
  throw new HandrailError('redaction.failed', what);
}
