import { createServer } from 'node:http';
import { Capture } from '@handrail/agent/capture';
import type { CapturedEvent } from '@handrail/core/events';
import { type Picture, readPicture, rgbOf } from '@handrail/core/frame-image';
import { Gate } from '@handrail/core/gate';
import type { StructureNode } from '@handrail/core/observation';
import { type FinishedDraft, type KeptFrame, redactDraft } from '@handrail/core/recorder';
import { isDrawn, type RgbPixels, redactedValue, rulesOf } from '@handrail/core/redact';
import type { CaptureContext, ManifestFile } from '@handrail/core/statement';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type StagedDisplay, startDisplay } from '../display/display.ts';
import { waitFor } from '../display/observed.ts';
import { describeWith, desktopPrograms } from '../require.ts';

const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="40">
<text x="4" y="30" font-size="28">Rating: poor</text></svg>`;
const small = `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="24">
<text x="2" y="18" font-size="16">Low grade</text></svg>`;
const smallPicture = Buffer.from(small).toString('base64');
const page = `<!doctype html><title>Review</title><style>body{margin:20px;font-size:18px}</style>
<h2>Save changes</h2><p>Ada Lovelace earns 4,200</p>
<p><label>Notes <input id="notes" size="40"></label></p>
<p><button>Save</button> <button>Promote Ada</button></p>
<p><a href="#">Open <img src="data:image/svg+xml;base64,${smallPicture}"></a></p>
<p><img alt="Open" src="data:image/svg+xml;base64,${Buffer.from(picture).toString('base64')}"></p>
<canvas id="c" width="300" height="60"></canvas>
<script>const c = document.getElementById('c').getContext('2d');
c.font = '28px sans-serif'; c.fillText('Salary 4,200', 4, 40);</script>`;

describeWith(desktopPrograms, 'contexts that keep less than all', () => {
  const stack = new AsyncDisposableStack();
  let display: StagedDisplay;
  let origin: string;
  let capture: Capture | undefined;
  const finished: FinishedDraft[] = [];

  beforeAll(async () => {
    origin = await servePage(stack);
    display = stack.use(await startDisplay({ width: 1280, height: 800, bus: true }));
    await display.startChromium(`${origin}/`);
  });
  afterEach(async () => {
    await capture?.[Symbol.asyncDispose]();
    capture = undefined;
  });
  afterAll(() => stack.disposeAsync());

  /** Records a click into the field and some typing, in a context of the page with `more`. */
  async function recorded(more: Pick<CaptureContext, 'mode' | 'words'>) {
    const contexts = [{ app: 'chromium', origin, ...more }];
    const manifest: ManifestFile = {
      version: 1,
      signals: ['key', 'pointer', 'window', 'focus', 'frame'],
      contexts,
    };
    const started = await startCapture(manifest);
    capture = started;
    await waitFor('the page to be allowed', async () => {
      await display.xdotool('sleep', '0.7', 'mousemove', '200', '225', 'click', '1');
      const { events } = await finish(started);
      return events.some((event) => event.kind === 'button') || undefined;
    });
    await display.xdotool('type', '--delay', '25', 'Save ferry 77');
    const { events, frames } = await finish(started);
    const { texts } = redactDraft(events, rulesOf(contexts));
    const frame = frames.at(-1);
    if (!frame) throw new Error('There is no frame.');
    const text = redactedValue(texts)
      .surfaces.map((surface) => surface.text)
      .join('|');
    return { text, frame, pixels: pixelsOf(frames) };
  }

  async function startCapture(manifest: ManifestFile): Promise<Capture> {
    const started = await Capture.start({
      display: display.display,
      sessionBus: display.busAddress,
      clock: () => performance.now(),
      gate: new Gate(manifest, true),
      manifest,
      known: () => [],
      onDraft: (draft) => finished.push(draft),
      onEnd: () => undefined,
      onChange: () => undefined,
    });
    started.indicator.show('recording');
    await waitFor('a first frame of the page', async () => {
      return started.recorder.isReady && started.indicator.healthy() ? true : undefined;
    });
    started.recorder.stand(undefined);
    return started;
  }

  async function finish(started: Capture) {
    const before = finished.length;
    await waitFor('the hold to be empty', async () => {
      started.recorder.tick();
      return started.recorder.heldCount === 0 ? true : undefined;
    });
    started.recorder.finish(true);
    const drafts = finished.slice(before).map(({ draft }) => draft);
    const events: CapturedEvent[] = drafts.flatMap((draft) => draft.events);
    const all = await Promise.all(drafts.map((draft) => draft.frames()));
    const frames = all.findLast(({ length }) => length > 0) ?? [];
    return { events, frames };
  }

  test('a skeleton leaves placeholders and boxes, and no pixel of the page', async () => {
    const { text, frame, pixels } = await recorded({ mode: 'skeleton' });
    expect(text).toMatch(/^\[text\](\|\[text\])*$/);
    const [area] = frame.areas;
    expect(area?.box.width).toBeGreaterThan(300);
    for (const { box } of frame.areas) expect(isDrawn(pixels, box, [])).toBe(true);
    expect(frame.filled.map(({ reason }) => reason)).toContain('skeleton');
    expect(frame.nodes).toEqual([]);
    expect(new Set(pixels.rgb).size).toBeGreaterThan(3);
  });

  test('under a vocabulary lines of listed words are shown, and nothing else', async () => {
    const { text, frame, pixels } = await recorded({ mode: 'vocabulary', words: ['changes'] });
    expect(text.replace('|', '')).toMatch(/^Save ?\[word\](\[word\])*$/);
    const nodesOf = (role: string, name: string) => {
      const found = frame.nodes.filter((node) => {
        return node.role === role && node.text.reveal().startsWith(name);
      });
      expect([role, name, found.length > 0]).toEqual([role, name, true]);
      return found;
    };
    const isShown = ({ bounds }: StructureNode) => !isDrawn(pixels, bounds, []);
    expect(nodesOf('push button', 'Save').every(isShown)).toBe(true);
    expect(nodesOf('link', 'Open').every(isShown)).toBe(true);
    expect(nodesOf('paragraph', 'Ada Lovelace').some(isShown)).toBe(false);
    expect(nodesOf('push button', 'Promote Ada').some(isShown)).toBe(false);
    // Nothing tells what these show, whatever they are called.
    expect(nodesOf('image', '')).toHaveLength(2);
    expect([...nodesOf('image', ''), ...nodesOf('canvas', '')].some(isShown)).toBe(false);
  });
});

/** Images build on those before them in the same draft. */
function pixelsOf(frames: readonly KeptFrame[]): RgbPixels {
  let picture: Picture | undefined;
  for (const frame of frames) picture = readPicture(frame.image, frame, picture);
  if (picture === undefined) throw new Error('There is no frame.');
  const { width, height } = picture;
  return { width, height, rgb: rgbOf(picture) };
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
