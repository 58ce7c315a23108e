// Makes a frame that may be kept: only allowed pixels, and over every node whose text has a finding
// a solid box. A node that cannot be placed takes its whole window with it.

import { findAll, type Surface, type SurfaceFinding } from '@handrail/core/redact';
import type { Sensitive } from '@handrail/core/sensitive';
import type { StructureNode, StructureReader } from '../sources/accessibility/structure.ts';
import type { RawFrame } from '../sources/x11/frames.ts';
import type { DesktopView } from './desktop-view.ts';
import type { FilledBox, ShownField } from './kept-frame.ts';
import { allowedPixels, fill, grown, type Pixels } from './pixels.ts';

/** Text longer than this is filled by range, not as one box. */
const wholeNodeLettersMax = 120;
const marginPixels = 2;

export interface MaskedFrame {
  readonly atMs: number;
  readonly displayEpoch: number;
  readonly pixels: Pixels;
  readonly filled: readonly FilledBox[];
  readonly fields: readonly ShownField[];
  readonly view: DesktopView;
}

/** `known` are texts typed earlier that had findings: their values are looked for everywhere. */
export async function maskFrame(
  frame: RawFrame,
  view: DesktopView,
  structures: StructureReader,
  known: readonly Sensitive<string>[],
): Promise<MaskedFrame> {
  const pixels = allowedPixels(frame, view.map);
  const filled = [
    ...secureBoxes(view.nodes),
    ...(await findingBoxes(view.nodes, structures, known)),
  ];
  for (const { box } of filled) fill(pixels, box);
  const fields = view.nodes
    .filter((node) => node.editable)
    .map((node) => ({ fieldId: node.nodeId, box: grown(node.bounds, marginPixels) }));
  const { atMs, displayEpoch } = frame;
  return { atMs, displayEpoch, pixels, filled, fields, view };
}

function secureBoxes(nodes: readonly StructureNode[]): FilledBox[] {
  return nodes
    .filter((node) => node.roleClass === 'password' || node.roleClass === 'terminal')
    .map((node) => ({ box: grown(node.bounds, marginPixels), reason: 'secure-field' }));
}

async function findingBoxes(
  nodes: readonly StructureNode[],
  structures: StructureReader,
  known: readonly Sensitive<string>[],
): Promise<FilledBox[]> {
  const surfaces: Surface[] = [
    ...nodes.map((node, at) => ({
      kind: 'node' as const,
      ref: `node:${at}`,
      text: node.text.reveal(),
    })),
    ...known.map((text, at) => ({
      kind: 'text' as const,
      ref: `known:${at}`,
      text: text.reveal(),
    })),
  ];
  const { findings } = findAll({ surfaces });
  const boxes: FilledBox[] = [];
  for (const finding of findings) {
    const node =
      finding.ref.startsWith(nodeRef) && nodes[Number(finding.ref.slice(nodeRef.length))];
    if (!node) continue;
    boxes.push({ box: await boxOf(finding, node, structures), reason: finding.class });
  }
  return boxes;
}

const nodeRef = 'node:';

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
