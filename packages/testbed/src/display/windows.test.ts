import { activeWindowSource } from '@handrail/agent/sources/x11/active-window';
import { connectX } from '@handrail/agent/sources/x11/connection';
import { displaySource } from '@handrail/agent/sources/x11/display';
import { type WindowLister, windowLister } from '@handrail/agent/sources/x11/windows';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith, displayPrograms } from '../require.ts';
import { type StagedDisplay, startDisplay } from './display.ts';
import { observe, waitFor } from './observed.ts';

const clock = () => performance.now();

describeWith([...displayPrograms, 'mousepad', 'xrandr'], 'windows of a display', () => {
  let display: StagedDisplay;
  let lister: WindowLister;
  const stack = new AsyncDisposableStack();
  beforeAll(async () => {
    display = stack.use(await startDisplay({ width: 1280, height: 800, bus: true }));
    lister = windowLister(stack.use(await connectX(display.display)));
  });
  afterAll(() => stack.disposeAsync());

  test('switching and retitling a window is told, each once', async () => {
    await using use = new AsyncDisposableStack();
    const source = use.use(activeWindowSource({ display: display.display, clock }));
    const seen = await observe(source);
    await display.startApp('mousepad', []);
    const opened = await seen.until('window', ({ window }) => window?.app === 'mousepad');
    expect(opened.window?.pid).toBeGreaterThan(1);
    const id = String(opened.window?.id);
    await display.xdotool('set_window', '--name', 'Another title', id);
    await seen.until('window', ({ window }) => window?.title.reveal() === 'Another title');
    const keys = seen.of('window').map(({ window }) => {
      return JSON.stringify([window?.id, window?.title.reveal(), window?.bounds]);
    });
    expect(keys.filter((key, index) => key === keys[index - 1])).toEqual([]);
    expect(JSON.stringify(seen.all)).not.toContain('Another title');
  });

  test('windows are listed top to bottom with frame, owner and popups', async () => {
    const main = await waitFor('mousepad', async () => find(lister, false));
    expect(main.overrideRedirect).toBe(false);
    expect(main.topLevel).not.toBe(main.id);
    expect(main.bounds.height).toBeGreaterThan(main.clientBounds.height);
    await display.xdotool('windowactivate', '--sync', String(main.id), 'key', 'alt+f');
    const menu = await waitFor('its menu', async () => find(lister, true));
    const listed = await lister.windowsNow();
    const at = (id: number) => listed.findIndex((window) => window.id === id);
    expect(at(menu.id)).toBeLessThan(at(main.id));
    await display.xdotool('key', 'Escape', 'Escape');
  });

  test('a change of the screen is a display epoch of its own', async () => {
    await using use = new AsyncDisposableStack();
    const seen = await observe(use.use(displaySource({ display: display.display, clock })));
    expect(seen.of('display')).toMatchObject([{ epoch: 1, width: 1280, height: 800 }]);
    // Its exit status complains about what a virtual screen lacks; the change happens all the same.
    await display.startApp('xrandr', ['--fb', '1000x700']);
    const changed = await seen.until('display', ({ epoch }) => epoch > 1);
    expect(changed).toMatchObject({ width: 1000, height: 700, scale: 1 });
  });
});

async function find(lister: WindowLister, popup: boolean) {
  const windows = await lister.windowsNow();
  return windows.find((one) => one.app === 'mousepad' && one.overrideRedirect === popup);
}
