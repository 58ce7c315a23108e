import { deflateRawSync } from 'node:zlib';
import { decodeTrajectory, type Trajectory, trajectoryBytesMax } from '@handrail/core/dataset';
import { rgbOf } from '@handrail/core/frame-image';
import { openBulk, unwrapContentKey } from '@handrail/core/open';
import { apply } from '@handrail/core/redact';
import {
  encodeContent,
  parseSealed,
  sealSegment,
  textSurfaces,
  unpad,
} from '@handrail/core/segment';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { decodeImage } from './images.ts';
import { drawn, placeOf } from './pixels/sample-screen.ts';
import { allSolid } from './pixels/solid.ts';
import { refine } from './refine.ts';
import {
  click,
  display,
  flatPicture,
  frame,
  frameSize,
  imageOf,
  inForm,
  type Member,
  newMember,
  opening,
  picture,
  refineTask,
  sealedSegment,
  typed,
} from './sample-session.ts';
import type { RefinedTrajectory } from './task.ts';

let member: Member;
const start = [display, inForm];

beforeAll(async () => {
  member = await newMember('someone');
});

async function opened({ headerBytes, body }: RefinedTrajectory): Promise<Trajectory> {
  const { privateKey } = member.trajectory;
  const key = await unwrapContentKey(privateKey, 'trajectory', headerBytes, body);
  const content = unpad(await openBulk(key, headerBytes, body));
  expect(content.length).toBeLessThan(trajectoryBytesMax);
  return decodeTrajectory(content);
}

test('segments of a session become a trajectory that only its participant key opens', async () => {
  const first = await sealedSegment(member, 0, {
    events: [...start, { kind: 'task', atMs: 100, edge: 'start', text: 'book a room' }],
    frames: [frame(50, picture(200))],
  });
  const second = await sealedSegment(member, 1, {
    events: [...click(500, 40, 50), typed(1000, 'Room 7')],
  });
  const result = await refine(refineTask(member, [second, first]));
  expect(result.segments).toEqual([
    { id: second.id, state: 'refined' },
    { id: first.id, state: 'refined' },
  ]);
  const [refined, ...rest] = result.trajectories;
  if (refined === undefined) throw new Error('no trajectory');
  expect(rest).toEqual([]);
  const trajectory = await opened(refined);
  expect(trajectory).toMatchObject({
    instruction: 'book a room',
    actions: [
      { kind: 'click', x: 40, y: 50, frameAgeMs: 60_450 },
      { kind: 'type', text: 'Room 7' },
    ],
  });
  expect(refined.facts).toEqual({
    id: trajectory.id,
    day: '2026-11-23',
    actions: 2,
    contexts: [{ app: 'chromium', origin: 'http://127.0.0.1:8123' }],
  });
  expect(refined.header).toMatchObject({ trajectory: trajectory.id, consentEpoch: 1 });
  const again = await refine(refineTask(member, [first, second]));
  const [same] = again.trajectories;
  if (same === undefined) throw new Error('no trajectory');
  expect(await opened(same)).toEqual(trajectory);
});

test('frames go on as lossless WebP with the same pixels, each built on the last', async () => {
  const events = [...start, ...click(500, 40, 50), ...click(2500, 60, 70)];
  const first = flatPicture(120);
  const { tiles } = flatPicture(30);
  const second = { ...first, tiles: [...tiles.slice(0, 1), ...first.tiles.slice(1)] };
  const frames = [frame(100, imageOf(first)), frame(2000, imageOf(second, first))];
  const input = await sealedSegment(member, 0, { events, frames });
  const [refined] = (await refine(refineTask(member, [input]))).trajectories;
  if (refined === undefined) throw new Error('no trajectory');
  const shown = (await opened(refined)).frames;
  expect(shown).toHaveLength(2);
  for (const [at, picture] of [first, second].entries()) {
    const image = shown[at]?.image ?? new Uint8Array();
    expect(Buffer.from(image).includes('VP8L')).toBe(true);
    const pixels = await sharp(image).removeAlpha().raw().toBuffer();
    expect(new Uint8Array(pixels)).toEqual(rgbOf(picture));
  }
});

test('a picture in which detail was left out goes on as lossy WebP', async () => {
  const events = [...start, ...click(500, 40, 50)];
  const frames = [frame(100, picture(120, false))];
  const input = await sealedSegment(member, 0, { events, frames });
  const [refined] = (await refine(refineTask(member, [input]))).trajectories;
  if (refined === undefined) throw new Error('no trajectory');
  const image = (await opened(refined)).frames[0]?.image ?? new Uint8Array();
  expect(Buffer.from(image).includes('VP8L')).toBe(false);
});

test('a broken, foreign or wrongly sized image puts its segment into quarantine', async () => {
  const events = [...start, ...click(500, 40, 50)];
  const good = picture(50);
  const webp = await sharp({ create: { ...frameSize, channels: 3, background: '#fff' } })
    .webp()
    .toBuffer();
  const images: readonly (readonly [Uint8Array, number])[] = [
    [good.subarray(0, good.length - 3), 320],
    [new Uint8Array(webp), 320],
    [good, 385],
    [imageOf(flatPicture(50), flatPicture(50)), 320],
    [new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>'), 320],
  ];
  const wide = { ...display, width: 400 } as const;
  for (const [image, width] of images) {
    const frames = [frame(100, image, { width })];
    const input = await sealedSegment(member, 0, { events: [wide, ...events.slice(1)], frames });
    const result = await refine(refineTask(member, [input]));
    expect(result.segments[0]).toMatchObject({ state: 'quarantined', reason: 'image.broken' });
    expect(result.trajectories).toEqual([]);
  }
});

test('a picture that would fill all memory is not decoded, and the next goes on', async () => {
  const events = [...start, ...click(500, 40, 50)];
  const huge = { ...display, width: 16_000, height: 16_000 } as const;
  const bombs: readonly (readonly [Uint8Array, number])[] = [
    [deflateRawSync(new Uint8Array(62_500 + 62_500 * 3).fill(1, 0, 62_500)), 16_000],
    [deflateRawSync(new Uint8Array(200 * 1024 * 1024)), 320],
  ];
  const good = await sealedSegment(member, 1, { events });
  for (const [bomb, width] of bombs) {
    expect(bomb.length).toBeLessThan(1_000_000);
    const frames = [frame(100, bomb, { width, height: width })];
    const input = await sealedSegment(member, 0, { events: [huge, ...events.slice(1)], frames });
    const before = process.memoryUsage().rss;
    const { segments } = await refine(refineTask(member, [input, good]));
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    expect(segments[0]).toMatchObject({ state: 'quarantined', reason: 'image.broken' });
    expect(segments[1]).toMatchObject({ id: good.id });
  }
});

test('content that no device of ours writes is rejected, and its neighbour goes on', async () => {
  const events = [...start, ...click(500, 40, 50)];
  const good = await sealedSegment(member, 1, { events });
  const { header } = parseSealed((await sealedSegment(member, 0, { events })).bytes);
  const texts = apply({ surfaces: textSurfaces(events) }, { findings: [] });
  const none = { frames: [], findings: [] };
  const whole = { v: 1, startedAtMs: 1_790_000_000_000, contexts: [], events, ...none } as const;
  const content = encodeContent(whole, texts);
  const states = new Set<string>();
  for (let at = 0; at < content.length; at += 3) {
    const changed = content.with(at, (content[at] ?? 0) ^ 0x15);
    const sealed = await sealSegment(header, changed, member.device);
    const input = await opening(member, sealed);
    const { segments } = await refine(refineTask(member, [input, good]));
    expect(segments[1]?.state).toBe('refined');
    states.add(segments[0]?.state ?? 'none');
  }
  expect(states).toContain('rejected');
  expect([...states].filter((one) => !['rejected', 'refined'].includes(one))).toEqual([]);
});

test('what the device missed is replaced in texts, and filled in frames that show it', async () => {
  const screen = {
    ...{ width: 640, height: 200, paper: '#fff', patches: [] },
    texts: [
      { x: 40, y: 60, text: 'Dear colleague', size: 16 },
      { x: 40, y: 100, text: 'tigerlily77', size: 16 },
    ],
  };
  const large = { ...display, width: 640 } as const;
  const events = [large, inForm, ...click(500, 40, 50), typed(900, 'password=tigerlily77')];
  const frames = [frame(100, await drawn(screen), { width: 640 })];
  const input = await sealedSegment(member, 0, { events, frames });
  const [refined] = (await refine(refineTask(member, [input]))).trajectories;
  if (refined === undefined) throw new Error('no trajectory');
  const { actions, frames: kept } = await opened(refined);
  expect(actions[1]?.text).toBe('password=[secret]');
  const raw = await decodeImage(kept[0]?.image ?? new Uint8Array(), { width: 640, height: 200 });
  const [greeting, value] = [await placeOf(screen, 0), await placeOf(screen, 1)];
  expect(raw && value && allSolid(raw, [value])).toBe(true);
  expect(raw && greeting && allSolid(raw, [greeting])).toBe(false);
});

test('text that came as single keys is redacted too', async () => {
  const keys = [...'ada@example.org'].flatMap((key, at) => [
    { kind: 'key' as const, atMs: 100 + at * 50, key, down: true },
    { kind: 'key' as const, atMs: 120 + at * 50, key, down: false },
  ]);
  const input = await sealedSegment(member, 0, { events: [...start, ...keys] });
  const [refined] = (await refine(refineTask(member, [input]))).trajectories;
  if (refined === undefined) throw new Error('no trajectory');
  expect((await opened(refined)).actions.map(({ text }) => text)).toEqual(['[email]']);
});

test('contexts that the manifest does not name are rejected', async () => {
  const other = { app: 'thunderbird', mode: 'full' } as const;
  const input = await sealedSegment(member, 0, { contexts: [other], events: click(1, 1, 1) });
  expect((await refine(refineTask(member, [input]))).segments[0]).toMatchObject({
    state: 'rejected',
    reason: 'context.not-allowed',
  });
  const good = await sealedSegment(member, 0, { events: [...start, ...click(1, 1, 1)] });
  const pointer = { version: 1, signals: ['key'], contexts: [] } as const;
  const narrow = {
    ...refineTask(member, [good]),
    manifests: { [good.id]: { ...pointer, signals: ['key' as const], contexts: [other] } },
  };
  expect((await refine(narrow)).segments[0]).toMatchObject({ reason: 'manifest.unknown' });
});

test('coordinates outside the display are rejected, never clamped', async () => {
  for (const [x, y] of [
    [320, 10],
    [10, 200],
    [-1, 5],
  ] as const) {
    const input = await sealedSegment(member, 0, { events: [...start, ...click(500, x, y)] });
    expect((await refine(refineTask(member, [input]))).segments[0]).toMatchObject({
      state: 'rejected',
      reason: 'coordinate.out-of-range',
    });
  }
});

test('replayed, spliced, foreign and unsigned segments are rejected', async () => {
  const events = [...start, ...click(500, 1, 1)];
  const good = await sealedSegment(member, 0, { events });
  const twin = await sealedSegment(member, 0, { events });
  const elsewhere = await sealedSegment(
    member,
    1,
    { events },
    { session: `ses_${'0'.repeat(26)}` },
  );
  const stranger = await sealedSegment(member, 2, { events }, { consentEpoch: 2 });
  const changed = Uint8Array.from(good.bytes);
  changed[changed.length - 80] = (changed[changed.length - 80] ?? 0) ^ 1;
  const reasons = async (...segments: Parameters<typeof refineTask>[1]) =>
    (await refine(refineTask(member, segments))).segments.map(({ reason }) => reason);
  expect((await reasons(good, twin)).sort()).toEqual(['sequence.repeated', undefined]);
  expect(await reasons(good, elsewhere)).toEqual([undefined, 'session.other']);
  expect(await reasons(stranger)).toEqual(['header.foreign']);
  expect(await reasons({ ...good, bytes: changed })).toEqual(['signature.invalid']);
  expect(await reasons({ ...good, bytes: good.bytes.subarray(0, 40) })).toEqual([
    'format.truncated',
  ]);
  const other = await newMember('other');
  expect(await reasons({ ...good, deviceKey: other.device.publicKey })).toEqual([
    'signature.invalid',
  ]);
  expect(await reasons({ ...good, contentKey: new Uint8Array(32) })).toEqual(['seal.broken']);
  expect(await reasons({ ...good, id: twin.id })).toEqual(['header.foreign']);
});
