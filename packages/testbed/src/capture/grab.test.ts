import { Capture } from '@handrail/agent/capture';
import { connectX } from '@handrail/agent/sources/x11/connection';
import { type WindowLister, windowLister } from '@handrail/agent/sources/x11/windows';
import type { CapturedEvent } from '@handrail/core/events';
import { Gate } from '@handrail/core/gate';
import type { FinishedDraft } from '@handrail/core/recorder';
import type { ManifestFile } from '@handrail/core/statement';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StagedDisplay, startDisplay } from '../display/display.ts';
import { waitFor } from '../display/observed.ts';
import { describeWith, desktopPrograms } from '../require.ts';
import { showPrompt } from './grabber.ts';

const page = 'data:text/html,<textarea autofocus rows=20 cols=80></textarea>';
const clock = () => performance.now();
const manifest: ManifestFile = {
  version: 1,
  signals: ['key', 'pointer', 'window', 'focus', 'frame'],
  contexts: [
    { app: 'chromium', mode: 'full' },
    { app: 'mousepad', mode: 'full' },
  ],
};

describeWith(desktopPrograms, 'typing while somebody else has the keyboard', () => {
  const stack = new AsyncDisposableStack();
  const finished: FinishedDraft[] = [];
  const gate = new Gate(manifest, true);
  let display: StagedDisplay;
  let capture: Capture;
  let lister: WindowLister;

  beforeAll(async () => {
    display = stack.use(await startDisplay({ width: 1280, height: 800, bus: true }));
    lister = windowLister(stack.use(await connectX(display.display)));
    await display.startChromium(page);
    capture = stack.use(
      await Capture.start({
        display: display.display,
        sessionBus: display.busAddress,
        clock,
        gate,
        manifest,
        known: () => [],
        onDraft: (draft) => finished.push(draft),
        onEnd: () => undefined,
        onChange: () => undefined,
      }),
    );
    capture.indicator.show('recording');
    await waitFor('a first frame', () => capture.recorder.isReady || undefined);
    capture.recorder.stand(undefined);
    await waitFor('the page to be recorded', async () => {
      await display.xdotool('mousemove', '200', '250', 'click', '1');
      return (await typed('a')) === 'a' || undefined;
    });
  });
  afterAll(() => stack.disposeAsync());

  async function events(): Promise<readonly CapturedEvent[]> {
    const before = finished.length;
    await waitFor('the hold to be empty', () => {
      capture.recorder.tick();
      return capture.recorder.heldCount === 0 || undefined;
    });
    capture.recorder.finish(true);
    return finished.slice(before).flatMap(({ draft }) => draft.events);
  }

  /** Types, and gives the text that was kept since the last time. */
  async function typed(text: string): Promise<string> {
    await display.xdotool('type', '--delay', '25', text);
    const kept = await events();
    return kept.map((event) => (event.kind === 'run' ? event.text : '')).join('');
  }

  async function pressed(...keys: readonly string[]): Promise<readonly string[]> {
    await display.xdotool('key', '--delay', '60', ...keys);
    return (await events()).map((event) => (event.kind === 'key' ? event.key : ''));
  }

  async function menuIsOpen(): Promise<true | undefined> {
    const windows = await lister.windowsNow();
    const isMenu = windows.some((one) => one.app === 'mousepad' && one.overrideRedirect);
    return isMenu || undefined;
  }

  /** A menu that comes up too long after its grab stays foreign: it is closed, and tried again. */
  async function menuTakesKeys(opens: string): Promise<true | undefined> {
    await display.xdotool('key', opens);
    await waitFor('the menu', () => menuIsOpen());
    if ((await pressed('Down')).includes('down')) return true;
    await display.xdotool('key', 'Escape', 'Escape');
    return undefined;
  }

  /** What is typed is kept again; a focus that is being read anew may take single letters. */
  async function isRecording(): Promise<void> {
    await waitFor(
      'typing to be kept',
      async () => (await typed('goes on')) === 'goes on' || undefined,
    );
  }

  test('nothing that is typed into a prompt is kept, and typing after it is', async () => {
    await isRecording();
    for (const secret of ['hunter', 'sesame', 'xyzzy']) {
      {
        await using _prompt = await showPrompt(display.display);
        expect(await typed(secret)).toBe('');
        await display.xdotool('key', 'BackSpace', 'Return');
        expect(JSON.stringify(await events())).not.toMatch(/backspace|enter/);
      }
      await isRecording();
    }
    expect(gate.dropped()['unknown-focus']).toBeGreaterThan(0);
  });

  test('a prompt that comes up during typing gets nothing kept', async () => {
    const typing = display.xdotool('type', '--delay', '20', 'ab'.repeat(30));
    await waitFor('some typing', () => capture.recorder.heldCount > 4 || undefined);
    {
      await using _prompt = await showPrompt(display.display);
      await typing;
      await events();
      expect(await typed('hunter')).toBe('');
    }
    await isRecording();
  });

  test('another window that becomes active behind a prompt is not typed into', async () => {
    {
      await using _prompt = await showPrompt(display.display);
      await display.startApp('mousepad', []);
      const find = ['search', '--sync', '--onlyvisible', '--class', 'mousepad'];
      await display.xdotool(...find, 'windowactivate', '--sync');
      expect(await typed('hunter')).toBe('');
    }
    await isRecording();
  });

  test('a menu of the application itself stops nothing', async () => {
    await isRecording();
    for (const opens of ['alt+f', 'shift+F10']) {
      await waitFor('a menu whose keys are kept', () => menuTakesKeys(opens));
      expect(await pressed('Escape', 'Escape')).toContain('esc');
      await isRecording();
    }
  });
});
