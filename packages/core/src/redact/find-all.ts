// One pass over a joint record: each surface by itself, then every value found anywhere is looked
// for everywhere.
import { HandrailError } from '../errors/index.ts';
import { findInText, moved } from './find.ts';
import { type Finding, mergeFindings } from './finding.ts';
import {
  type FindingSet,
  type JointRecord,
  type Surface,
  type SurfaceFinding,
  surfacesMax,
} from './joint-record.ts';
import { findByRule } from './modes/find-by-rule.ts';
import { collectValues, findValues, type Value, valuesMax } from './values.ts';

/** The finding set of the record. Ranges in `masked` are left out. Throws `input.too-large`. */
export function findAll(record: JointRecord): FindingSet {
  if (record.surfaces.length > surfacesMax) {
    throw new HandrailError('input.too-large', `split records over ${surfacesMax} surfaces`);
  }
  const values = new Map<string, Value>();
  const own = record.surfaces.map((surface) => {
    const findings = findOnSurface(surface);
    collectValues(surface.text, findings, values);
    return findings;
  });
  if (values.size > valuesMax) {
    throw new HandrailError('input.too-large', `split records with over ${valuesMax} findings`);
  }
  const findings = record.surfaces.flatMap((surface, at): SurfaceFinding[] => {
    const copies = values.size === 0 ? [] : findValues(surface.text, values.values());
    const all = outside(surface, mergeFindings([...(own[at] ?? []), ...copies]));
    return underRule(surface, all).map((finding) => ({ ...finding, ref: surface.ref }));
  });
  return { findings };
}

/** What the mode takes out besides; values of it are looked for nowhere else. */
function underRule(surface: Surface, findings: readonly Finding[]): readonly Finding[] {
  const { rule, text, masked = [] } = surface;
  if (rule === undefined) return findings;
  return mergeFindings([...findings, ...findByRule(text, rule, [...findings, ...masked])]);
}

function findOnSurface(surface: Surface): Finding[] {
  const findings = findInText(surface.text);
  const inContext = surface.label === undefined ? [] : findLabelled(surface.label, surface.text);
  return outside(surface, mergeFindings([...findings, ...inContext]));
}

function findLabelled(label: string, text: string): Finding[] {
  const lead = `${label.replace(/[\s:*]{1,8}$/, '')}: `;
  return findInText(lead + text)
    .map((finding) => moved(finding, -lead.length))
    .filter((finding) => finding.end > 0)
    .map((finding) => ({ ...finding, start: Math.max(0, finding.start) }));
}

/** Parts of findings that are not replaced text already. */
function outside(surface: Surface, findings: readonly Finding[]): Finding[] {
  let rest = [...findings];
  for (const hole of surface.masked ?? []) {
    rest = rest.flatMap((finding) => [
      { ...finding, end: Math.min(finding.end, hole.start) },
      { ...finding, start: Math.max(finding.start, hole.end) },
    ]);
    rest = rest.filter((finding) => finding.end > finding.start);
  }
  return mergeFindings(rest);
}
