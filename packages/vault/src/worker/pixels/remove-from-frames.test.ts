import type { Trajectory, TrajectoryFrame } from '@handrail/core/dataset';
import type { Box } from '@handrail/core/events';
import { idOf } from '@handrail/core/ids';
import { signsInValue } from '@handrail/core/pixels';
import { randomBytes } from '@handrail/core/seal';
import { expect, test } from 'vitest';
import { decodeFrames } from '../decode-frames.ts';
import { sha256Hex } from '../digest.ts';
import { decodeImage, encodeFrame } from '../images.ts';
import { type OcrEngine, openEngine } from '../ocr/engine.ts';
import { frame } from '../sample-session.ts';
import { removeFromFrames } from './remove-from-frames.ts';
import { drawn, placeOf, type Screen } from './sample-screen.ts';

const size = { width: 480, height: 160 } as const;
const sought = 'Ida Vestergren';
const screen: Screen = {
  ...size,
  paper: '#fff',
  patches: [],
  texts: [
    { x: 30, y: 50, text: 'Minutes of the meeting', size: 18 },
    { x: 30, y: 100, text: sought, size: 18 },
  ],
};
const without: Screen = { ...screen, texts: screen.texts.slice(0, 1) };
const values = [signsInValue(sought)];
const tesseract = { kind: 'program', path: '/usr/bin/tesseract' } as const;

async function shown(one: Screen): Promise<TrajectoryFrame> {
  const [pixels] = decodeFrames([frame(100, await drawn(one), { ...size, areas: [] })]);
  if (pixels === undefined) throw new Error('nothing drawn');
  const image = await encodeFrame(pixels);
  return { ...size, id: sha256Hex(image), image, areas: [], filled: [] };
}

function trajectoryOf(frames: readonly TrajectoryFrame[]): Trajectory {
  const facts = { v: 1, instruction: '', contexts: [], display: 'virtual', displays: [] } as const;
  const ids = { id: idOf('traj', randomBytes(32)), pseudonym: idOf('part', randomBytes(32)) };
  const action = {
    kind: 'click' as const,
    ...{ startedAt: 0, endedAt: 0, events: [0, 0] as [number, number] },
    ...{ frameAgeMs: 1, damagePending: false, displayEpoch: null, context: null },
  } as const;
  const actions = frames.map(({ id }) => ({ ...action, frame: id }));
  const times = { startedAtMs: 0, endedAtMs: 1, reducer: 1 };
  return {
    ...facts,
    ...ids,
    ...times,
    contexts: [],
    displays: [],
    actions,
    gaps: [],
    segments: [],
    frames,
  };
}

async function isBlack({ image, ...facts }: TrajectoryFrame, box: Box): Promise<boolean> {
  const pixels = await decodeImage(image, facts);
  if (pixels === undefined) throw new Error('no picture');
  for (let y = box.y; y < box.y + box.height; y++) {
    const row = pixels.pixels.subarray((y * size.width + box.x) * 3).subarray(0, box.width * 3);
    if (row.some((value) => value !== 0)) return false;
  }
  return true;
}

test('a name is filled where it can be read, and nothing else is touched', async () => {
  const frames = [await shown(without), await shown(screen)];
  await using engine = openEngine(tesseract);
  const clean = await removeFromFrames(trajectoryOf(frames), values, engine);
  const [first, second] = clean?.frames ?? [];
  const place = await placeOf(screen, 1);
  const beside = await placeOf(screen, 0);
  if (!second || !place || !beside) throw new Error('nothing was found');
  expect(first).toEqual(frames[0]);
  expect(await isBlack(second, place)).toBe(true);
  expect(await isBlack(second, beside)).toBe(false);
  expect(second.filled).toMatchObject([{ reason: 'bystander' }]);
  expect(clean?.actions.map((action) => action.frame)).toEqual([first?.id, second.id]);
  expect(second.id).toBe(sha256Hex(second.image));
  expect(second.id).not.toBe(frames[1]?.id);
});

test('frames that do not show it are left as they are', async () => {
  const frames = [await shown(without)];
  await using engine = openEngine(tesseract);
  expect(await removeFromFrames(trajectoryOf(frames), values, engine)).toBeUndefined();
});

test('a frame in which it can still be read is filled whole', async () => {
  const wordsAt = (y: number) =>
    sought.split(' ').map((text, at) => {
      return { text, box: { x: 20 + 66 * at, y, width: 60, height: 20 } };
    });
  // What the first look found is filled; the second finds the same beside it.
  const stubborn: OcrEngine = {
    read: async (pages, layout) => pages.map(() => wordsAt(layout === 'block' ? 100 : 20)),
    [Symbol.asyncDispose]: async () => undefined,
  };
  const clean = await removeFromFrames(trajectoryOf([await shown(screen)]), values, stubborn);
  const [only] = clean?.frames ?? [];
  if (only === undefined) throw new Error('nothing was found');
  expect(await isBlack(only, { x: 0, y: 0, ...size })).toBe(true);
});

test('where nothing can read pictures nothing is taken for clean', async () => {
  await using engine = openEngine({ kind: 'none' });
  const frames = [await shown(screen)];
  await expect(removeFromFrames(trajectoryOf(frames), values, engine)).rejects.toMatchObject({
    code: 'internal',
  });
});
