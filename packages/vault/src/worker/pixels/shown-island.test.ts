import type { Box } from '@handrail/core/events';
import { expect, test } from 'vitest';
import { decodeFrames } from '../decode-frames.ts';
import { frame } from '../sample-session.ts';
import { drawn, type Screen } from './sample-screen.ts';
import { islandAround } from './shown-island.ts';

const size = { width: 400, height: 120 } as const;
const shown = { x: 100, y: 40, width: 160, height: 24 } as const;
const screen: Screen = {
  ...size,
  paper: '#e0e0e0',
  patches: [
    { x: 20, y: 40, width: 64, height: 12, fill: '#a0a0a0' },
    { ...shown, fill: '#fff', edge: '#767676' },
    { x: 280, y: 40, width: 60, height: 24, fill: '#fff', edge: '#767676' },
  ],
  texts: [{ x: 110, y: 57, text: 'tigerlily', size: 13 }],
};
const everything = { x: 0, y: 0, ...size };

async function island(box: Box, above: readonly Box[] = []) {
  const [pixels] = decodeFrames([frame(100, await drawn(screen), { ...size })]);
  if (pixels === undefined) throw new Error('no picture');
  return islandAround(pixels, { box, within: everything, above });
}

test('all that is shown around a word is one island, whose border goes with it', async () => {
  const box = { x: 96, y: 36, width: 10, height: 12 };
  expect(await island(box)).toEqual({ x: 96, y: 36, width: 168, height: 32 });
});

test('a word among drawings is an island of its own', async () => {
  const box = { x: 24, y: 40, width: 32, height: 12 };
  expect(await island(box)).toEqual(box);
});

test('an island ends where another context lies over it', async () => {
  const box = { x: 96, y: 36, width: 12, height: 12 };
  const other = { x: 140, y: 0, width: 260, height: 120 };
  expect(await island(box, [other])).toEqual({ x: 96, y: 36, width: 44, height: 32 });
});
