// Draws a context that keeps less than all text: a solid box for each thing that is known to be
// there, and pixels only of single lines that are made of listed words. Images are never shown.
import type { Box } from '@handrail/core/events';
import { type Drawing, type DrawnBox, intersection } from '@handrail/core/gate';
import type { StructureNode } from '@handrail/core/observation';
import {
  findByRule,
  layoutGridPixels,
  layoutShades,
  type TextRule,
  textWidthPixels,
} from '@handrail/core/redact';
import { isImage } from '../sources/accessibility/roles.ts';

/** What is higher may be more than the line of text that it is called after. */
const lineHeightMax = 64;

const controlRoles: ReadonlySet<string> = new Set([
  'check box',
  'check menu item',
  'combo box',
  'link',
  'list item',
  'menu',
  'menu item',
  'page tab',
  'pop up button',
  'push button',
  'radio button',
  'radio menu item',
  'slider',
  'spin button',
  'toggle button',
]);

/** The drawing of `area` under `rule`; undefined where all of it is shown. */
export function layoutOf(
  nodes: readonly StructureNode[],
  area: Box,
  rule: TextRule,
): Drawing | undefined {
  if (rule.mode === 'full') return undefined;
  const things = nodes
    .map((node) => ({ node, isShown: isListed(node, rule) }))
    .filter(({ node }) => isThing(node))
    .sort(byDepth);
  const boxes = things.map(({ node, isShown }): DrawnBox => {
    const box = intersection(isShown ? node.bounds : onGrid(node), area);
    return { box, shade: isShown ? undefined : layoutShades[kindOf(node)] };
  });
  const seen = boxes.filter(({ box }) => box.width > 0 && box.height > 0);
  return { mode: rule.mode, boxes: [{ box: area, shade: layoutShades.ground }, ...seen] };
}

interface Thing {
  readonly node: StructureNode;
  readonly isShown: boolean;
}

/** The smaller lies over the larger, what is not shown over what is, and images over all. */
function byDepth(a: Thing, b: Thing): number {
  const images = Number(isImage(a.node.role)) - Number(isImage(b.node.role));
  return images || sizeOf(b.node) - sizeOf(a.node) || Number(b.isShown) - Number(a.isShown);
}

function isListed(node: StructureNode, rule: TextRule): boolean {
  const text = node.text.reveal();
  if (rule.mode !== 'vocabulary' || node.bounds.height > lineHeightMax) return false;
  if (isImage(node.role) || node.roleClass === 'password') return false;
  return /\p{L}/u.test(text) && findByRule(text, rule).length === 0;
}

/** A container's text may be nothing but what stands for its parts. */
function isThing({ editable, role, text }: StructureNode): boolean {
  return editable || isImage(role) || /[^\s\uFFFC]/u.test(text.reveal());
}

function kindOf(node: StructureNode): keyof typeof layoutShades {
  if (node.editable) return 'field';
  if (isImage(node.role)) return 'image';
  return controlRoles.has(node.role) ? 'control' : 'text';
}

function sizeOf({ bounds }: StructureNode): number {
  return bounds.width * bounds.height;
}

function onGrid(node: StructureNode): Box {
  const { bounds } = node;
  const x = Math.floor(bounds.x / layoutGridPixels) * layoutGridPixels;
  const y = Math.floor(bounds.y / layoutGridPixels) * layoutGridPixels;
  const step = node.editable ? layoutGridPixels : textWidthPixels;
  const width = Math.ceil((bounds.x + bounds.width - x) / step) * step;
  const height = Math.ceil((bounds.y + bounds.height - y) / layoutGridPixels) * layoutGridPixels;
  return { x, y, width, height };
}
