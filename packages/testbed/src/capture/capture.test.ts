import { createServer } from 'node:http';
import { Capture } from '@handrail/agent/capture';
import type { Box, CapturedEvent } from '@handrail/core/events';
import { type Picture, readPicture, rgbOf } from '@handrail/core/frame-image';
import { Gate } from '@handrail/core/gate';
import { type FinishedDraft, type KeptFrame, redactDraft } from '@handrail/core/recorder';
import type { ManifestFile } from '@handrail/core/statement';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StagedDisplay, startDisplay } from '../display/display.ts';
import { waitFor } from '../display/observed.ts';
import { describeWith, desktopPrograms } from '../require.ts';

const clock = () => performance.now();
const page = `<!doctype html><title>Expenses</title><style>body{margin:20px}</style>
<form><label>Name <input id="name"></label><br><label>Card <input id="card"></label><br>
<label>Secret <input type="password"></label><br>
<select><option>Travel</option><option>Food</option></select></form>
<p>Write to clerk@example.org</p>`;

type Run = Extract<CapturedEvent, { kind: 'run' }>;

describeWith(desktopPrograms, 'capture of a real desktop', () => {
  const stack = new AsyncDisposableStack();
  const finished: FinishedDraft[] = [];
  let display: StagedDisplay;
  let origin: string;
  let gate: Gate;
  let capture: Capture;
  let ended: string | undefined;

  beforeAll(async () => {
    origin = await servePage(stack);
    display = stack.use(await startDisplay({ width: 1280, height: 800, bus: true }));
    await display.startChromium(`${origin}/?query=kept-out`);
    const manifest: ManifestFile = {
      version: 1,
      signals: ['key', 'pointer', 'window', 'focus', 'frame'],
      contexts: [{ app: 'chromium', origin, mode: 'full' }],
    };
    gate = new Gate(manifest, true);
    capture = stack.use(
      await Capture.start({
        display: display.display,
        sessionBus: display.busAddress,
        clock,
        gate,
        manifest,
        known: () => [],
        onDraft: (draft) => finished.push(draft),
        onEnd: (reason) => {
          ended = reason;
        },
        onChange: () => undefined,
      }),
    );
    capture.indicator.show('recording');
    await waitFor('a first frame of the page', async () => {
      return capture.recorder.isReady && capture.indicator.healthy() ? true : undefined;
    });
    capture.recorder.stand(undefined);
    await pageFocused();
  });
  afterAll(() => stack.disposeAsync());

  /** The page has the focus once a click into it is kept. */
  async function pageFocused(): Promise<void> {
    await waitFor('the page to be allowed', async () => {
      // A busy machine needs a while of rest to read the page at all.
      await display.xdotool('sleep', '0.7', 'mousemove', '600', '500', 'click', '1');
      const events = await finish();
      return events.some((event) => event.kind === 'button') ? true : undefined;
    });
  }

  /** Ends the draft once nothing is held, and gives what it held. */
  async function finish(): Promise<readonly CapturedEvent[]> {
    const before = finished.length;
    await waitFor('the hold to be empty', async () => {
      capture.recorder.tick();
      return capture.recorder.heldCount === 0 ? true : undefined;
    });
    capture.recorder.finish(true);
    return finished.slice(before).flatMap(({ draft }) => draft.events);
  }

  async function typeInto(tabs: number, text: string): Promise<void> {
    for (let tab = 0; tab < tabs; tab++) await display.xdotool('key', 'Tab');
    await display.xdotool('type', '--delay', '25', text);
  }

  test('typed text is told as runs without keys, with a frame from before them', async () => {
    await typeInto(1, 'Ada Example');
    const events = await finish();
    const runs = events.filter((event): event is Run => event.kind === 'run');
    const [run] = runs;
    // A busy machine may tell the focus after the first letter, which then is a run of its own.
    expect(runs.map(({ text }) => text).join('')).toBe('Ada Example');
    expect(runs.reduce((sum, { keyCount }) => sum + keyCount, 0)).toBe(11);
    const frames = (await finished.at(-1)?.draft.frames()) ?? [];
    const startedAtMs = finished.at(-1)?.draft.startedAtMs ?? 0;
    expect(frames.some((frame) => frame.atMs - startedAtMs <= (run?.atMs ?? 0))).toBe(true);
  });

  test('a password leaves no key, no text and no pixel', async () => {
    await typeInto(2, 'open sesame');
    const events = await finish();
    expect(JSON.stringify(events)).not.toMatch(/sesame|"s"/);
    expect(events.some((event) => event.kind === 'gap' && event.reason === 'secure-field')).toBe(
      true,
    );
    await display.xdotool('mousemove', '600', '480', 'click', '1');
    await finish();
    const frames = (await finished.at(-1)?.draft.frames()) ?? [];
    const filled = frames.at(-1)?.filled.find(({ reason }) => reason === 'secure-field');
    expect(filled).toBeDefined();
    if (filled) expect(isSolid(lastOf(frames), filled.box)).toBe(true);
  });

  test('everything around the page is black: tab strip, address bar, window title', async () => {
    const frames = (await finished.at(-1)?.draft.frames()) ?? [];
    const picture = lastOf(frames);
    expect(isSolid(picture, { x: 0, y: 0, width: 1000, height: 90 })).toBe(true);
    expect(isSolid(picture, { x: 1010, y: 0, width: 200, height: 800 })).toBe(true);
    expect(isSolid(picture, { x: 0, y: 90, width: 1000, height: 600 })).toBe(false);
    expect(frames.at(-1)?.filled.map(({ reason }) => reason)).toContain('email');
  });

  test('the address bar takes no keys and no clicks', async () => {
    await display.xdotool('key', 'ctrl+l');
    await display.xdotool('type', '--delay', '25', 'words for nobody');
    await display.xdotool('mousemove', '400', '60', 'click', '1');
    const events = await finish();
    expect(JSON.stringify(events)).not.toContain('words');
    expect(events.some((event) => event.kind === 'button')).toBe(false);
    await display.xdotool('key', 'Escape');
    await pageFocused();
  });

  test('a card number marks its field, and frames that showed it are filled', async () => {
    await display.xdotool('mousemove', '100', '125', 'click', '1');
    await typeInto(0, '4111 1111 1111 1111');
    const redacted = redactDraft(await finish(), () => ({ mode: 'full' }));
    expect(redacted.findings.findings.map((finding) => finding.class)).toContain('card');
    expect(redacted.fields.size).toBe(1);
  });

  test('pausing stops at once, and resuming goes on', async () => {
    capture.recorder.stand('paused');
    const dropped = gate.dropped().paused ?? 0;
    await display.xdotool('mousemove', '600', '500', 'click', '1');
    await waitFor('the pause to count', async () => {
      capture.recorder.tick();
      return (gate.dropped().paused ?? 0) > dropped ? true : undefined;
    });
    expect(await finish()).toEqual([]);
    capture.recorder.stand(undefined);
    await pageFocused();
  });

  test('forgetting leaves nothing of what was captured', async () => {
    await display.xdotool('mousemove', '600', '500', 'click', '1');
    capture.recorder.forget();
    expect(await finish()).toEqual([]);
  });

  test('the end of the indicator ends capture', async () => {
    process.kill(capture.indicator.pid, 'SIGKILL');
    await waitFor('the end to be told', async () => ended);
    expect(ended).toBe('indicator');
  });
});

/** What the last frame shows: each builds on the one before. */
function lastOf(frames: readonly KeptFrame[]): Picture {
  let picture: Picture | undefined;
  for (const frame of frames) picture = readPicture(frame.image, frame, picture);
  if (!picture) throw new Error('There is no frame.');
  return picture;
}

function isSolid(picture: Picture, { x, y, width, height }: Box): boolean {
  const pixels = rgbOf(picture);
  return Array.from({ length: height }, (_, row) => {
    const from = ((y + row) * picture.width + x) * 3;
    return pixels.subarray(from, from + width * 3).every((value) => value === 0);
  }).every(Boolean);
}

async function servePage(stack: AsyncDisposableStack): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}
