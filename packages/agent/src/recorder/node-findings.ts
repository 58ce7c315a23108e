// What must not be seen among the texts of a desktop: each node by itself, neighbours as one text,
// and every value of `known` wherever it stands.

import type { StructureNode } from '@handrail/core/observation';
import { joinedRows, onParts } from '@handrail/core/recorder';
import { findAll, type Surface, type SurfaceFinding } from '@handrail/core/redact';
import type { Sensitive } from '@handrail/core/sensitive';
import './redaction-sources.ts';

export interface NodeFinding {
  readonly node: StructureNode;
  readonly finding: SurfaceFinding;
}

/** `known` are texts typed earlier that had findings. */
export function findOnNodes(
  nodes: readonly StructureNode[],
  known: readonly Sensitive<string>[],
): readonly NodeFinding[] {
  const byRef = new Map(nodes.map((node, at) => [`node:${at}`, node]));
  const pieces = [...byRef].map(([ref, { text, bounds }]) => ({
    ref,
    text: text.reveal(),
    bounds,
  }));
  const rows = new Map(joinedRows(pieces).map((row, at) => [`row:${at}`, row]));
  const surfaces: Surface[] = [
    ...pieces.map(({ ref, text }) => ({ kind: 'node' as const, ref, text })),
    ...[...rows].map(([ref, { text }]) => ({ kind: 'text' as const, ref, text })),
    ...known.map((text, at) => ({
      kind: 'text' as const,
      ref: `known:${at}`,
      text: text.reveal(),
    })),
  ];
  return findAll({ surfaces }).findings.flatMap((finding) => {
    const row = rows.get(finding.ref);
    return (row ? onParts(finding, row) : [finding]).flatMap((each) => {
      const node = byRef.get(each.ref);
      return node ? [{ node, finding: each }] : [];
    });
  });
}
