import { connectX } from '@handrail/agent/sources/x11/connection';
import { type FrameGrabber, openFrameGrabber } from '@handrail/agent/sources/x11/frames';
import { followSettledFrames, type SettledFrame } from '@handrail/agent/sources/x11/settled-frames';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith, displayPrograms } from '../require.ts';
import { type StagedDisplay, startDisplay } from './display.ts';
import { waitFor } from './observed.ts';

const clock = () => performance.now();

describeWith([...displayPrograms, 'xrandr'], 'frames of a display', () => {
  let display: StagedDisplay;
  let grabber: FrameGrabber;
  const stack = new AsyncDisposableStack();
  beforeAll(async () => {
    display = stack.use(await startDisplay({ width: 800, height: 600, bus: false }));
    grabber = stack.use(await openFrameGrabber({ display: display.display, clock, framesMax: 2 }));
  });
  afterAll(() => stack.disposeAsync());

  test('damage is told once, and the next grab has the new pixels', async () => {
    let told = 0;
    grabber.onDamage(() => {
      told += 1;
    });
    grabber.acceptDamage();
    const before = told;
    await display.run('xsetroot', ['-solid', '#102030']);
    await waitFor('damage', () => told === before + 1);
    expect(grabber.damagePending()).toBe(true);
    grabber.acceptDamage();
    const frame = await grabber.grab();
    expect(frame).toMatchObject({ width: 800, height: 600, displayEpoch: 1 });
    const rows = frame?.rows(590, 10) ?? new Uint8Array();
    expect([...rows.subarray(0, 3)]).toEqual([0x30, 0x20, 0x10]);
    expect(rows.length).toBe(800 * 10 * 4);
    expect(grabber.path).toBe('shared');
    frame?.release();
  });

  test('a blinking caret is no change, and small changes that add up are one', async () => {
    await using connection = await connectX(display.display);
    const { client, root } = connection;
    const gc = client.AllocID();
    client.CreateGC(gc, root, { foreground: 0xff0000 });
    grabber.acceptDamage();
    const paint = async (x: number, width: number) => {
      client.PolyFillRectangle(root, gc, [x, 100, width, 18]);
      await connection.ask((asked, done) => asked.sync(done));
      // The grabber reads on its own connection: its answer comes after what it was told.
      (await grabber.grab())?.release();
    };
    for (let blink = 0; blink < 3; blink++) await paint(200, 2);
    expect(grabber.damagePending()).toBe(false);
    await paint(206, 2);
    await waitFor('the change', () => grabber.damagePending());
  });

  test('with every buffer lent out there is no frame instead of more memory', async () => {
    const first = await grabber.grab();
    const second = await grabber.grab();
    expect(await grabber.grab()).toBeUndefined();
    first?.release();
    first?.release();
    const third = await grabber.grab();
    expect(third).toBeDefined();
    expect(await grabber.grab()).toBeUndefined();
    second?.release();
    third?.release();
  });

  test('a settled frame follows each change, none comes while the screen is still', async () => {
    await using use = new AsyncDisposableStack();
    const frames: (Omit<SettledFrame, 'frame'> & { atMs: number; blue: number })[] = [];
    const settled = use.use(
      await followSettledFrames({
        grabber,
        clock,
        onFrame: ({ frame, ...rest }) => {
          frames.push({ ...rest, atMs: frame.atMs, blue: frame.rows(0, 1)[0] ?? -1 });
          frame.release();
        },
      }),
    );
    expect(frames).toHaveLength(1);
    await display.run('xsetroot', ['-solid', '#000001']);
    await display.run('xsetroot', ['-solid', '#000044']);
    const last = await waitFor('the settled frame', () =>
      frames.find(({ settled: rests, blue }) => rests && blue === 0x44),
    );
    expect(last.atMs - last.lastDamageAtMs).toBeGreaterThanOrEqual(200);
    expect(settled.damagePending()).toBe(false);
    expect(frames.filter(({ atMs }) => atMs > last.atMs)).toEqual([]);
  });

  test('another screen size is another epoch with frames of that size', async () => {
    await display.startApp('xrandr', ['--fb', '640x400']);
    const frame = await waitFor('a frame of the new size', async () => {
      const grabbed = await grabber.grab();
      grabbed?.release();
      return grabbed?.width === 640 ? grabbed : undefined;
    });
    expect(frame).toMatchObject({ height: 400, displayEpoch: 2 });
  });
});
