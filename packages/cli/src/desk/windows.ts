// Windows of the display by the process that owns them, as the X server tells it.

import { untilTrue } from '../stage/run-program.ts';
import type { StagedDisplay } from '../stage/stage.ts';
import type { Rectangle } from './page-state.ts';

/** The id of the window with this class whose title holds `title`; waits until it is shown. */
export async function windowOf(
  display: StagedDisplay,
  className: string,
  title: string,
): Promise<string> {
  let found: string | undefined;
  await untilTrue(`the window of ${className}`, async () => {
    const ids = (await display.xdotool('search', '--onlyvisible', '--class', className)).split(
      '\n',
    );
    for (const id of ids.filter(Boolean)) {
      const name = await display.xdotool('getwindowname', id);
      if (name.includes(title)) found = id;
    }
    return found !== undefined;
  });
  return found ?? '';
}

/** Where the window's own area lies, without what the window manager puts around it. */
export async function boundsOf(display: StagedDisplay, id: string): Promise<Rectangle> {
  const text = await display.run('xwininfo', ['-id', id]);
  const number = (label: string) => Number(new RegExp(`${label}:\\s+(-?\\d+)`).exec(text)?.[1]);
  return {
    x: number('Absolute upper-left X'),
    y: number('Absolute upper-left Y'),
    width: number('Width'),
    height: number('Height'),
  };
}

/** Puts a window at a place and waits until it lies still there. */
export async function place(display: StagedDisplay, id: string, at: Rectangle): Promise<void> {
  const { x, y, width, height } = at;
  await display.xdotool('windowsize', '--sync', id, String(width), String(height)).catch(() => '');
  await display.xdotool('windowmove', id, String(x), String(y));
  await untilTrue('the window to be in its place', async () => {
    const bounds = await boundsOf(display, id);
    const near = (a: number, b: number) => Math.abs(a - b) <= 40;
    return near(bounds.x, x) && near(bounds.y, y) && near(bounds.width, width);
  });
}

/** Windows without a manager, such as open lists: their bounds, from top to bottom. */
export async function popups(display: StagedDisplay): Promise<readonly Rectangle[]> {
  const tree = await display.run('xwininfo', ['-root', '-children']);
  const found: Rectangle[] = [];
  for (const [, id = ''] of tree.matchAll(/^\s+(0x[0-9a-f]+) .*$/gm)) {
    const facts = await display.run('xwininfo', ['-id', id, '-stats']).catch(() => '');
    if (!/Override Redirect State: yes/.test(facts) || !/Map State: IsViewable/.test(facts))
      continue;
    found.push(await boundsOf(display, id));
  }
  return found;
}
