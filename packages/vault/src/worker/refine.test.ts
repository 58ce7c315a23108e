import { decodeTrajectory, type Trajectory, trajectoryBytesMax } from '@handrail/core/dataset';
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
import { refine } from './refine.ts';
import {
  click,
  display,
  frame,
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
    frames: [frame(50, await picture(200))],
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

test('frames go on as fresh pixels: no metadata, the same lossless colours', async () => {
  const image = await picture(120);
  expect(Buffer.from(image).includes('not to be kept')).toBe(true);
  const events = [...start, ...click(500, 40, 50)];
  const input = await sealedSegment(member, 0, { events, frames: [frame(100, image)] });
  const [refined] = (await refine(refineTask(member, [input]))).trajectories;
  if (refined === undefined) throw new Error('no trajectory');
  const fresh = (await opened(refined)).frames[0]?.image ?? new Uint8Array();
  expect(Buffer.from(fresh).includes('not to be kept')).toBe(false);
  expect((await sharp(fresh).metadata()).exif).toBeUndefined();
  const pixels = (bytes: Uint8Array) => sharp(bytes).removeAlpha().raw().toBuffer();
  expect(await pixels(fresh)).toEqual(await pixels(image));
});

test('a broken, foreign or wrongly sized image puts its segment into quarantine', async () => {
  const events = [...start, ...click(500, 40, 50)];
  const good = await picture(50);
  const png = new Uint8Array(await sharp(good).png().toBuffer());
  const animated = await sharp([good, await picture(90)], { join: { animated: true } })
    .webp()
    .toBuffer();
  const images: readonly (readonly [Uint8Array, number])[] = [
    [good.subarray(0, good.length - 9), 320],
    [png, 320],
    [new Uint8Array(animated), 320],
    [good, 321],
    [new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>'), 320],
  ];
  for (const [image, width] of images) {
    const frames = [frame(100, image, { width })];
    const input = await sealedSegment(member, 0, { events, frames });
    const result = await refine(refineTask(member, [input]));
    expect(result.segments[0]).toMatchObject({ state: 'quarantined', reason: 'image.broken' });
    expect(result.trajectories).toEqual([]);
  }
});

test('a picture that would fill all memory is not decoded, and the next goes on', async () => {
  const events = [...start, ...click(500, 40, 50)];
  const side = 16_000;
  const bomb = await sharp({
    create: { width: side, height: side, channels: 3, background: '#fff' },
  })
    .webp({ lossless: true, effort: 0 })
    .toBuffer();
  expect(bomb.length).toBeLessThan(1_000_000);
  const display = {
    kind: 'display',
    atMs: 0,
    epoch: 1,
    width: side,
    height: side,
    scale: 1,
  } as const;
  const frames = [frame(100, new Uint8Array(bomb), { width: side, height: side })];
  const input = await sealedSegment(member, 0, { events: [display, ...events.slice(1)], frames });
  const good = await sealedSegment(member, 1, { events });
  const before = process.memoryUsage().rss;
  const { segments } = await refine(refineTask(member, [input, good]));
  expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
  expect(segments[0]).toMatchObject({ state: 'quarantined', reason: 'image.broken' });
  expect(segments[1]).toMatchObject({ id: good.id });
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

test('what the device missed is replaced, and its frames do not go on', async () => {
  const events = [...start, ...click(500, 40, 50), typed(900, 'write to ada@example.org now')];
  const bare = await sealedSegment(member, 0, { events });
  const [refined] = (await refine(refineTask(member, [bare]))).trajectories;
  if (refined === undefined) throw new Error('no trajectory');
  expect((await opened(refined)).actions[1]?.text).toBe('write to [email] now');
  const frames = [frame(100, await picture(60))];
  const shown = await sealedSegment(member, 0, { events, frames });
  expect((await refine(refineTask(member, [shown]))).segments).toEqual([
    { id: shown.id, state: 'quarantined', reason: 'redaction.late' },
  ]);
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
