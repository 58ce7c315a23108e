// Makes a frame that may be kept: only allowed pixels, and over every node whose text has a finding
// a solid box. Where the place of a finding within its node is unknown, all of the node is filled.
import type { Picture } from '@handrail/core/frame-image';
import type { StructureNode } from '@handrail/core/observation';
import type { DesktopView, FilledBox, MaskedFrame } from '@handrail/core/recorder';
import type { SurfaceFinding } from '@handrail/core/redact';
import type { Sensitive } from '@handrail/core/sensitive';
import type { StructureReader } from '../sources/accessibility/structure.ts';
import type { RawFrame } from '../sources/x11/frames.ts';
import { maskedPicture } from './masked-picture.ts';
import { findOnNodes } from './node-findings.ts';
import { grown } from './pixels.ts';

/** Text longer than this is filled by range, not as one box. */
const wholeNodeLettersMax = 120;
export const marginPixels = 2;

export interface MaskParts {
  readonly structures: StructureReader;
  /** Texts typed earlier that had findings: their values are looked for everywhere. */
  readonly known: readonly Sensitive<string>[];
  /** True for a field that is or was for passwords. */
  readonly isSecure: (fieldId: string) => boolean;
  /** The picture before it, to share what has not changed. */
  readonly before: Picture | undefined;
}

/** Copies of `frame` what may be kept. */
export async function maskFrame(
  frame: Omit<RawFrame, 'release'>,
  view: DesktopView,
  parts: MaskParts,
): Promise<MaskedFrame> {
  const boxes = [...secureBoxes(view.nodes, parts), ...(await findingBoxes(view, parts))];
  const masks = boxes.map(({ box }) => box);
  const picture = maskedPicture(frame, view.map, masks, parts.before);
  const filled = [...drawnAreas(view), ...boxes];
  const fields = view.nodes
    .filter((node) => node.editable && !view.drawnNodes.has(node))
    .map((node) => ({ fieldId: node.nodeId, box: grown(node.bounds, marginPixels) }));
  const { atMs, displayEpoch } = frame;
  return { atMs, displayEpoch, picture, filled, fields, view };
}

function secureBoxes(nodes: readonly StructureNode[], { isSecure }: MaskParts): FilledBox[] {
  return nodes
    .filter(({ roleClass, nodeId }) => {
      return roleClass === 'password' || roleClass === 'terminal' || isSecure(nodeId);
    })
    .map((node) => ({ box: grown(node.bounds, marginPixels), reason: 'secure-field' }));
}

function drawnAreas({ map }: DesktopView): FilledBox[] {
  return map.windows.flatMap(({ allowed }) => {
    return allowed?.drawn ? [{ box: allowed.area, reason: allowed.drawn.mode }] : [];
  });
}

/** A filled box in a skeleton would tell what was found there. */
async function findingBoxes(
  { nodes, drawnNodes }: DesktopView,
  { structures, known }: MaskParts,
): Promise<FilledBox[]> {
  const boxes: FilledBox[] = [];
  for (const { node, finding } of findOnNodes(nodes, known)) {
    if (drawnNodes.has(node)) continue;
    boxes.push({ box: await boxOf(finding, node, structures), reason: finding.class });
  }
  return boxes;
}

async function boxOf(
  finding: SurfaceFinding,
  node: StructureNode,
  structures: StructureReader,
): Promise<FilledBox['box']> {
  const text = node.text.reveal();
  const whole = grown(node.bounds, marginPixels);
  if (text.length <= wholeNodeLettersMax) return whole;
  const start = [...text.slice(0, finding.start)].length;
  const end = start + [...text.slice(finding.start, finding.end)].length;
  const range = await structures.rangeBounds(node.nodeId, start, end);
  return range && range.width > 0 && range.height > 0 ? grown(range, marginPixels) : whole;
}
