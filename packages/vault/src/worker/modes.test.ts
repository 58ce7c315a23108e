import { decodeTrajectory, type Trajectory } from '@handrail/core/dataset';
import type { CapturedEvent } from '@handrail/core/events';
import { coarsePicture, type Tile, tileEdge, tileRows } from '@handrail/core/frame-image';
import { openBulk, unwrapContentKey } from '@handrail/core/open';
import { layoutShades } from '@handrail/core/redact';
import { type Frame, maskedKey, unpad } from '@handrail/core/segment';
import { type CapturedContext, capturedContext, type ManifestFile } from '@handrail/core/statement';
import { beforeAll, expect, test } from 'vitest';
import { refine } from './refine.ts';
import {
  click,
  display,
  frame,
  frameSize,
  imageOf,
  type Member,
  manifestDigest,
  newMember,
  refineTask,
  sealedSegment,
  typed,
} from './sample-session.ts';

const manifest: ManifestFile = {
  version: 1,
  signals: ['key', 'pointer', 'window', 'focus', 'frame'],
  contexts: [
    { app: 'mail', mode: 'skeleton' },
    { app: 'ledger', mode: 'vocabulary', words: ['Invoice'] },
    { app: 'mousepad', mode: 'full' },
  ],
};
const honest = manifest.contexts.map(capturedContext);
const area = { x: 0, y: 0, width: 320, height: 200 };
let member: Member;

beforeAll(async () => {
  member = await newMember('someone');
});

const within = (context: number): CapturedEvent => ({ kind: 'window', atMs: 0, context });

async function refined(
  events: readonly CapturedEvent[],
  { contexts = honest, frames = [] as readonly Frame[] } = {},
) {
  const input = await sealedSegment(member, 0, {
    contexts,
    events: [display, ...events],
    frames: [...frames],
  });
  const task = { ...refineTask(member, [input]), manifests: { [manifestDigest]: manifest } };
  const { segments, trajectories } = await refine(task);
  const [first] = trajectories;
  const [segment] = segments;
  return { segment, trajectory: first && (await opened(first)) };
}

async function opened(refined: { headerBytes: Uint8Array; body: Uint8Array }): Promise<Trajectory> {
  const { headerBytes, body } = refined;
  const key = await unwrapContentKey(member.trajectory.privateKey, 'trajectory', headerBytes, body);
  return decodeTrajectory(unpad(await openBulk(key, headerBytes, body)));
}

const textsOf = (trajectory: Trajectory | undefined) => trajectory?.actions.map(({ text }) => text);

test('text that a device left in a masked context is replaced, as the manifest says', async () => {
  const text = 'Save the Invoice of harbour ferries';
  const kept = { 0: '[text]', 1: 'Save the Invoice of [word]', 2: text };
  for (const [context, left] of Object.entries(kept)) {
    const { trajectory } = await refined([within(Number(context)), typed(900, text)]);
    expect(textsOf(trajectory)).toEqual([left]);
  }
});

test('what the device says of a mode counts only where it is stricter', async () => {
  const claims: CapturedContext[] = [
    { app: 'ledger', mode: 'skeleton' },
    { app: 'mousepad', mode: 'vocabulary' },
    { app: 'mail', mode: 'skeleton' },
  ];
  const left = async (context: number, text: string) =>
    textsOf((await refined([within(context), typed(900, text)], { contexts: claims })).trajectory);
  expect(await left(0, 'Invoice')).toEqual(['[text]']);
  expect(await left(1, 'Save Invoice')).toEqual(['Save [word]']);
  const wider = { contexts: [{ app: 'mail', mode: 'full' } as const] };
  const { segment } = await refined([within(0), typed(900, 'hello')], wider);
  expect(segment).toMatchObject({ state: 'rejected', reason: 'context.not-allowed' });
});

test('text of no known window is masked where any context is', async () => {
  expect(textsOf((await refined([typed(900, 'hello')])).trajectory)).toEqual(['[text]']);
});

test('what was left goes with no frame', async () => {
  const frames = [frame(100, drawing(), { areas: [{ context: 0, box: area }] })];
  const { segment } = await refined([within(0), typed(900, 'hello')], { frames });
  expect(segment).toMatchObject({ state: 'quarantined', reason: 'redaction.late' });
  const clean = await refined([within(0), typed(900, '[text]')], { frames });
  expect(clean.segment).toMatchObject({ state: 'refined' });
  expect(clean.trajectory?.frames).toHaveLength(1);
});

test('keys of one character stand in shortcuts only', async () => {
  const keys = (key: string, atMs: number): CapturedEvent[] => [
    { kind: 'key', atMs, key, down: true },
    { kind: 'key', atMs: atMs + 20, key, down: false },
  ];
  const shortcut: CapturedEvent[] = [
    { kind: 'key', atMs: 4000, key: 'ctrl', down: true },
    ...keys('s', 4050),
    { kind: 'key', atMs: 4100, key: 'ctrl', down: false },
  ];
  const { trajectory } = await refined([
    within(0),
    ...keys('q', 100),
    ...keys('7', 200),
    ...shortcut,
  ]);
  const told = trajectory?.actions.map(({ keys, text }) => keys?.join('+') ?? text);
  expect(told).toEqual([maskedKey, maskedKey, 'ctrl+s']);
});

test('a skeleton may show a drawing, what was filled, and other windows over it', async () => {
  const box = { x: 40, y: 40, width: 64, height: 20 };
  const [skeleton, other] = [
    { context: 0, box: area },
    { context: 2, box },
  ];
  const state = async (image: Uint8Array, areas: Frame['areas']) => {
    const { segment } = await refined([within(2), ...click(500, 5, 5)], {
      frames: [frame(100, image, { areas })],
    });
    return segment?.reason ?? segment?.state;
  };
  expect(await state(drawing(), [skeleton])).toBe('refined');
  expect(await state(drawing(true), [skeleton])).toBe('refined');
  const covered = drawing(false, picture);
  expect(await state(covered, [other, skeleton])).toBe('refined');
  expect(await state(covered, [skeleton, other])).toBe('mode.pixels');
  expect(await state(covered, [skeleton])).toBe('mode.pixels');
  expect(await state(covered, [{ context: 1, box: area }])).toBe('refined');
  expect(await state(drawing(false, undefined, true), [skeleton])).toBe('mode.pixels');
});

const picture = { x: 48, y: 44, width: 30, height: 9 };

/** A drawing with a box of text, perhaps something filled at odd places, perhaps a picture. */
function drawing(filled = false, shown?: typeof picture, coarse = false): Uint8Array {
  const { width, height } = frameSize;
  const pixels = new Uint32Array(width * height).fill(colour(layoutShades.ground));
  const paint = (box: typeof picture, shade: (x: number) => number) => {
    for (let y = box.y; y < box.y + box.height; y++) {
      for (let x = box.x; x < box.x + box.width; x++) pixels[y * width + x] = colour(shade(x));
    }
  };
  paint({ x: 20, y: 80, width: 96, height: 16 }, () => layoutShades.text);
  if (filled) paint({ x: 33, y: 77, width: 21, height: 11 }, () => 0);
  if (shown) paint(shown, (x) => (x % 2 === 0 ? layoutShades.text : layoutShades.field));
  const tiles: Tile[] = [];
  for (let top = 0; top < height; top += tileEdge) {
    const band = pixels.subarray(top * width, (top + tileEdge) * width);
    tiles.push(...tileRows({ width, height: band.length / width, pixels: band }, undefined));
  }
  const exact = { width, height, tiles };
  return imageOf(coarse ? coarsePicture(exact, 8, ['palette']) : exact);
}

function colour(shade: number): number {
  return shade * 0x010101;
}
