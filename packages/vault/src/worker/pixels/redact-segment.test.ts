import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Box, CapturedEvent } from '@handrail/core/events';
import { KnownValues } from '@handrail/core/pixels';
import { rulesOf } from '@handrail/core/redact';
import type { Frame, SegmentContent } from '@handrail/core/segment';
import type { CaptureContext } from '@handrail/core/statement';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeFrames } from '../decode-frames.ts';
import { blacken, decodeImage, encodeFrame } from '../images.ts';
import { openEngine } from '../ocr/engine.ts';
import type { OcrProgram, OcrSettings } from '../ocr/settings.ts';
import { frame } from '../sample-session.ts';
import { redactSegment } from './redact-segment.ts';
import { drawn, placeOf, type Screen, type ScreenText } from './sample-screen.ts';
import { type SampleKind, sampleKinds, sampleValue } from './sample-values.ts';
import { allSolid } from './solid.ts';

const size = { width: 800, height: 240 } as const;
const program: OcrProgram = {
  kind: 'program',
  path: '/usr/bin/tesseract',
  limiter: '/usr/bin/prlimit',
};

function screenOf(...texts: ScreenText[]): Screen {
  return { ...size, paper: '#fff', patches: [], texts };
}

function said(text: string, y: number): ScreenText {
  return { x: 40, y, text, size: 16 };
}

async function frameOf(screen: Screen, change: Partial<Frame> = {}): Promise<Frame> {
  return frame(100, await drawn(screen), { ...size, ...change });
}

async function redacted(
  content: Partial<SegmentContent>,
  ocr: OcrSettings = program,
  isReleased = false,
  contexts: readonly CaptureContext[] = [{ app: 'mousepad', mode: 'full' }],
) {
  await using engine = openEngine(ocr);
  const none = { contexts: [], events: [], frames: [], findings: [] };
  const ruleOf = rulesOf(contexts);
  const how = { engine, known: new KnownValues(), ruleOf, isReleased };
  return redactSegment({ v: 1, startedAtMs: 0, ...none, ...content }, how);
}

type Outcome = Awaited<ReturnType<typeof redacted>>;

/** Which of the screen's texts have no pixel left. */
async function shownOf(screen: Screen, outcome: Outcome) {
  const places = await Promise.all(screen.texts.map((_, nth) => placeOf(screen, nth)));
  return Promise.all(places.map((place) => isSolid(place, outcome)));
}

async function isSolid(place: Box | undefined, outcome: Outcome) {
  if (outcome.kind !== 'redacted') throw new Error(outcome.reason);
  const raw = await decodeImage(outcome.frames[0]?.image ?? new Uint8Array(), size);
  return raw !== undefined && place !== undefined && allSolid(raw, [place]);
}

test.each(sampleKinds)(
  '%s in a picture is filled, and what stands around it stays',
  async (kind) => {
    const label: Readonly<Record<SampleKind, string>> = {
      ...{ email: 'Contact', card: 'Card', iban: 'Account', key: 'Token', phone: 'Phone' },
      password: 'Password',
    };
    const screen = screenOf(
      said('Please look at this before noon', 60),
      said(label[kind], 100),
      said(sampleValue(kind), 130),
      said('and then go home', 200),
    );
    const outcome = await redacted({ frames: [await frameOf(screen)] });
    expect(await shownOf(screen, outcome)).toEqual([false, false, true, false]);
  },
);

test('where only listed words are kept, others that a frame shows are filled', async () => {
  const context: CaptureContext = { app: 'editor', mode: 'vocabulary', words: ['harbour'] };
  const words = screenOf(said('Save', 60), said('harbour', 100), said('tigerlily', 140));
  const patches = [40, 88, 200, 312].map((x, nth) => {
    return { x, y: 160 + 16 * nth, width: 32 * (nth + 1), height: 12, fill: '#a0a0a0' };
  });
  const field = { x: 32, y: 124, width: 240, height: 24 };
  const screen = { ...words, patches: [...patches, { ...field, fill: '#fff', edge: '#767676' }] };
  const box = { x: 0, y: 0, ...size };
  const areas = [{ context: 0, box }];
  const filled = [{ box, reason: 'vocabulary' }];
  const frames = [await frameOf(screen, { areas, filled })];
  const outcome = await redacted({ contexts: [context], frames }, program, false, [context]);
  expect(await shownOf(screen, outcome)).toEqual([false, false, true]);
  expect(await isSolid(field, outcome), 'the field around the word').toBe(true);
  expect(await shownOf(screen, await redacted({ frames }))).toEqual([false, false, false]);
});

describe('texts and pixels have one finding set', () => {
  const screen = screenOf(said('Dear colleague', 60), said('tigerlily77', 120));
  const run = (text: string): CapturedEvent => {
    return { kind: 'run', atMs: 0, endedAtMs: 9, text, keyCount: 9, field: 0 };
  };

  test('a value that only a text gives away is filled: texts are replaced later', async () => {
    const events = [run('password=tigerlily77')];
    const frames = [await frameOf(screen)];
    const outcome = await redacted({ events, frames });
    expect(await shownOf(screen, outcome)).toEqual([false, true]);
    const replaced = [run('password=[secret]')];
    expect(await shownOf(screen, await redacted({ events: replaced, frames }))).toEqual([
      false,
      false,
    ]);
  });

  test('a value that only a picture gives away is replaced in texts', async () => {
    const labelled = screenOf(said('Password: tigerlily77', 120));
    const events: CapturedEvent[] = [
      run('tigerlily77'),
      { kind: 'task', atMs: 0, edge: 'start', text: 'log in with tigerlily77' },
    ];
    const outcome = await redacted({ events, frames: [await frameOf(labelled)] });
    const texts = outcome.kind === 'redacted' ? outcome.events : [];
    expect(texts).toMatchObject([{ text: '[secret]' }, { text: 'log in with [secret]' }]);
  });

  test('a value of one frame is filled in the next, of which only a part was read', async () => {
    const before = screenOf(said('ines41@example.org', 60));
    const after = screenOf(said('ines41@example.org', 60), said('ines41@exa', 120));
    const frames = [await frameOf(before), await frameOf(after)];
    const outcome = await redacted({ frames });
    if (outcome.kind !== 'redacted') throw new Error(outcome.reason);
    const raw = await decodeImage(outcome.frames[1]?.image ?? new Uint8Array(), size);
    const place = await placeOf(after, 1);
    expect(raw && place && allSolid(raw, [place])).toBe(true);
  });
});

describe('what does not hold ends in quarantine', () => {
  const screen = screenOf(said('ines41@example.org', 60));
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pictures-'));
    await chmod(folder, 0o755);
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function fake(name: string, body: string): Promise<OcrSettings> {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    return { ...program, path, limits: { seconds: 2, outputBytes: 100_000 } };
  }

  const page = '1\\t1\\t0\\t0\\t0\\t0\\t0\\t0\\t9\\t9\\t-1\\t\\n';
  const answering = (table: string) => `cat >/dev/null; printf '${page}${table}'`;
  const word = (x: string, size = '60\\t12') =>
    answering(`5\\t1\\t1\\t1\\t1\\t1\\t${x}\\t9\\t${size}\\t90\\tada@example.org\\n`);

  test.each([
    ['hangs', 'exec sleep 60'],
    ['dies', 'kill -9 $$'],
    ['fails', 'exit 1'],
    ['floods', 'exec yes'],
    ['answers something else', 'cat >/dev/null; echo hello'],
    [
      'answers for other pages',
      "cat >/dev/null; printf '1\\t7\\t0\\t0\\t0\\t0\\t0\\t0\\t9\\t9\\t-1\\t\\n'",
    ],
    ['is not there', 'exec /nonexistent'],
  ])('a program that %s', async (name, body) => {
    const ocr = await fake(name.replaceAll(' ', '-'), body);
    const outcome = await redacted({ frames: [await frameOf(screen)] }, ocr);
    expect(outcome).toEqual({ kind: 'quarantined', reason: 'pixels.unread' });
  });

  test('nothing that reads, unless there is nothing to read', async () => {
    const frames = [await frameOf(screen)];
    expect(await redacted({ frames }, { kind: 'none' })).toEqual({
      kind: 'quarantined',
      reason: 'pixels.unread',
    });
    const blank = [await frameOf(screenOf())];
    expect(await redacted({ frames: blank }, { kind: 'none' })).toMatchObject({ kind: 'redacted' });
  });

  test('a process that dies once is replaced', async () => {
    const ocr = await fake('once', 'mkdir "$0.tried" 2>/dev/null && exit 1\nexec tesseract "$@"');
    const outcome = await redacted({ frames: [await frameOf(screen)] }, ocr);
    expect(await shownOf(screen, outcome)).toEqual([true]);
  });

  test('what one reading finds is filled, also where no later one finds anything', async () => {
    const first = `if mkdir "$0.read" 2>/dev/null; then ${word('0', '2000\\t90')}`;
    const ocr = await fake('first', `${first}; else ${answering('')}; fi`);
    const outcome = await redacted({ frames: [await frameOf(screen)] }, ocr);
    expect(await shownOf(screen, outcome)).toEqual([true]);
  });

  test('a value that is still read after every mask', async () => {
    const counted = `n=0; while ! mkdir "$0.$n" 2>/dev/null; do n=$((n + 1)); done`;
    const ocr = await fake('moving', `${counted}\n${word("'$((n * 90))'")}`);
    const outcome = await redacted({ frames: [await frameOf(screen)] }, ocr);
    expect(outcome).toEqual({ kind: 'quarantined', reason: 'pixels.survivor' });
  });

  test('a box that the device says it filled, and did not', async () => {
    const place = await placeOf(screen, 0);
    if (place === undefined) throw new Error('nothing drawn');
    const filled = [{ box: place, reason: 'email' }];
    const outcome = await redacted({ frames: [await frameOf(screen, { filled })] });
    expect(outcome).toEqual({ kind: 'quarantined', reason: 'pixels.not-filled' });
  });
});

test('the packaged reader stands in where there is no program', async () => {
  const screen = screenOf(said('ines41@example.org', 60));
  const outcome = await redacted({ frames: [await frameOf(screen)] }, { kind: 'packaged' });
  expect(await shownOf(screen, outcome)).toEqual([true]);
});

test('a picture without all its detail keeps its fills black enough to tell', async () => {
  const screen = screenOf(said('Contact: ines41@example.org', 60), said('Good morning', 120));
  const [exact] = decodeFrames([await frameOf(screen)]);
  if (exact === undefined) throw new Error('no picture');
  const box = { x: 30, y: 40, width: 300, height: 30 };
  const lossy = { ...exact, isExact: false };
  blacken(lossy, box);
  const shown = await decodeImage(await encodeFrame(lossy), size);
  expect(shown && allSolid(shown, [box])).toBe(true);
  const [bare] = decodeFrames([await frameOf(screen)]);
  expect(bare && allSolid({ ...bare, isExact: false }, [box])).toBe(false);
});
