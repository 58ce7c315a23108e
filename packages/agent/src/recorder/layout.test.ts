import { DesktopMap } from '@handrail/core/gate';
import type { StructureNode } from '@handrail/core/observation';
import { isDrawn, layoutShades, skeletonRule, textRule } from '@handrail/core/redact';
import { Sensitive } from '@handrail/core/sensitive';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layoutOf } from './layout.ts';
import { fill, keepAllowed, type Pixels } from './pixels.ts';

const width = 200;
const height = 90;
const area = { x: 3, y: 5, width: 190, height: 80 };
const vocabulary = textRule({ app: 'a', mode: 'vocabulary', words: ['Invoice'] });

function nodeOf(text: string, more: Partial<StructureNode> = {}): StructureNode {
  const bounds = { x: 20, y: 20, width: 50, height: 14 };
  const flags = { editable: false, focused: false } as const;
  const node = { nodeId: text, role: 'label', roleClass: 'other', bounds, ...flags } as const;
  return { ...node, text: new Sensitive(text), ...more };
}

/** Every pixel another colour, none of them grey. */
function picture(): Pixels {
  const bgrx = new Uint8Array(width * height * 4);
  for (let at = 0; at < width * height; at++) bgrx.set([at % 251, (at >> 8) + 1, 7, 0], at * 4);
  return { top: 0, width, height, bgrx };
}

function drawn(nodes: readonly StructureNode[], rule = skeletonRule, within = area): Pixels {
  const pixels = picture();
  const allowed = { context: 0, area: within, drawn: layoutOf(nodes, within, rule) };
  const bounds = { x: 0, y: 0, width, height };
  keepAllowed(pixels, new DesktopMap([{ id: 1, bounds, allowed: withoutNone(allowed) }]));
  return pixels;
}

function withoutNone({
  drawn,
  ...rest
}: {
  context: number;
  area: typeof area;
  drawn: ReturnType<typeof layoutOf>;
}) {
  return drawn ? { ...rest, drawn } : rest;
}

function rgbOf({ bgrx }: Pixels): Uint8Array {
  return bgrx.filter((_, at) => at % 4 !== 3);
}

function colourAt({ bgrx }: Pixels, x: number, y: number): number[] {
  return [...bgrx.subarray((y * width + x) * 4, (y * width + x) * 4 + 3)];
}

const grey = (shade: keyof typeof layoutShades) => Array(3).fill(layoutShades[shade]);

test('a skeleton is a drawing, whatever is in it and over it', () => {
  const bounds = fc.record({
    x: fc.integer({ min: -30, max: 210 }),
    y: fc.integer({ min: -30, max: 100 }),
    width: fc.nat(120),
    height: fc.nat(60),
  });
  const node = fc
    .record({
      text: fc.constantFrom('Save', 'Ada', '', '\uFFFC'),
      bounds,
      editable: fc.boolean(),
      role: fc.constantFrom('label', 'push button', 'image', 'entry'),
    })
    .map(({ text, ...more }) => nodeOf(text, more));
  fc.assert(
    fc.property(fc.array(node, { maxLength: 8 }), fc.option(bounds), (nodes, over) => {
      const pixels = drawn(nodes);
      if (over) fill(pixels, over);
      expect(isDrawn({ width, height, rgb: rgbOf(pixels) }, area, [])).toBe(true);
    }),
  );
  expect(isDrawn({ width, height, rgb: rgbOf(picture()) }, area, [])).toBe(false);
});

test('things are told by what they are, and text tells no exact width', () => {
  const place = (x: number, y: number) => ({ x, y, width: 21, height: 9 });
  const pixels = drawn([
    nodeOf('Dear Ada', { bounds: place(20, 20) }),
    nodeOf('Send', { role: 'push button', bounds: place(20, 40) }),
    nodeOf('', { editable: true, bounds: place(120, 40) }),
  ]);
  expect(colourAt(pixels, 51, 28)).toEqual(grey('text'));
  expect(colourAt(pixels, 52, 28)).toEqual(grey('ground'));
  expect(colourAt(pixels, 51, 48)).toEqual(grey('control'));
  expect(colourAt(pixels, 143, 48)).toEqual(grey('field'));
  expect(colourAt(pixels, 144, 48)).toEqual(grey('ground'));
  expect(colourAt(pixels, 1, 1)).toEqual([0, 0, 0]);
});

test('under a vocabulary only lines of listed words are shown', () => {
  const isShown = (text: string, more: Partial<StructureNode> = {}) => {
    const shown = drawn([nodeOf(text, more)], vocabulary);
    return colourAt(shown, 30, 25).join() === colourAt(picture(), 30, 25).join();
  };
  expect(isShown('Save invoice')).toBe(true);
  expect(isShown('Save invoice 7')).toBe(false);
  expect(isShown('Ada')).toBe(false);
  expect(isShown('—')).toBe(false);
  expect(isShown('', { editable: true })).toBe(false);
  expect(isShown('Open', { role: 'image' })).toBe(false);
  expect(isShown('Open', { bounds: { x: 20, y: 10, width: 50, height: 65 } })).toBe(false);
  expect(colourAt(drawn([], vocabulary), 30, 25)).toEqual(grey('ground'));
  expect(layoutOf([], area, { mode: 'full' })).toBeUndefined();
});

test('what may not be shown lies over what may', () => {
  const bounds = { x: 20, y: 20, width: 50, height: 14 };
  for (const nodes of [
    [nodeOf('Ada', { bounds }), nodeOf('Save', { bounds })],
    [nodeOf('Save', { bounds }), nodeOf('Ada', { bounds: { ...bounds, width: 20 } })],
  ]) {
    expect(colourAt(drawn(nodes, vocabulary), 30, 25)).toEqual(grey('text'));
  }
  const image = nodeOf('', { role: 'image', bounds: { ...bounds, height: 60 } });
  const over = drawn([image, nodeOf('Save', { bounds })], vocabulary);
  expect(colourAt(over, 30, 25)).toEqual(grey('image'));
});
