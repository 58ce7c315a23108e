// What the scripted person works with: a form in Chromium beside another origin in a second window
// and another tab, and a note in a text editor, always at the same places.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type StagedDisplay, startDisplay } from '../stage/stage.ts';
import { Page } from './page.ts';
import type { Rectangle } from './page-state.ts';
import { type Site, startSite } from './site.ts';
import { boundsOf, place, windowOf } from './windows.ts';

export const screen = { width: 1280, height: 800 } as const;
const formWindow = { x: 0, y: 0, width: 760, height: 800 } as const;
const sideWindow = { x: 764, y: 0, width: 512, height: 420 } as const;
const noteWindow = { x: 770, y: 450, width: 500, height: 290 } as const;
// Chromium warns about the switch that it needs to run as root, in a bar that moves the page.
const plain = '--test-type';

export interface DeskOptions {
  /** Where the display and its applications write. */
  readonly displayFolder: string;
  /** Where the person saves things. */
  readonly savedFolder: string;
  /** With the second window, whose origin is not in the manifest. */
  readonly side: boolean;
}

export interface Desk extends AsyncDisposable {
  readonly display: StagedDisplay;
  readonly formOrigin: string;
  readonly form: Page;
  /** The second window: another origin. */
  readonly side: Page;
  /** Another tab behind the form: another origin too. */
  readonly other: Page;
  readonly formFile: string;
  readonly noteFile: string;
  /** Areas of the screen by what lies there. */
  readonly places: { readonly form: Rectangle; readonly side: Rectangle; readonly note: Rectangle };
}

export async function startDesk(options: DeskOptions): Promise<Desk> {
  const stack = new AsyncDisposableStack();
  try {
    const { savedFolder, displayFolder } = options;
    await mkdir(savedFolder, { recursive: true });
    const formFile = join(savedFolder, 'form.json');
    const noteFile = join(savedFolder, 'note.txt');
    await writeFile(noteFile, '');
    const sites = {
      form: stack.use(await startSite(formFile)),
      side: stack.use(await startSite(join(savedFolder, 'side.json'))),
    };
    const size = { ...screen, bus: true, folder: displayFolder };
    const display = stack.use(await startDisplay(size));
    const places = await openWindows(display, sites, noteFile, options.side);
    return {
      display,
      formOrigin: sites.form.origin,
      form: new Page(sites.form, '/form'),
      side: new Page(sites.side, '/side'),
      other: new Page(sites.side, '/other'),
      formFile,
      noteFile,
      places,
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

async function openWindows(
  display: StagedDisplay,
  sites: { readonly form: Site; readonly side: Site },
  noteFile: string,
  withSide: boolean,
): Promise<Desk['places']> {
  const formUrl = `${sites.form.origin}/form`;
  const size = { width: formWindow.width, height: formWindow.height };
  // The address that is named first is the tab in front.
  const more = [plain, formUrl];
  await display.startChromium(`${sites.side.origin}/other`, { ...size, moreArguments: more });
  await display.startApp('mousepad', ['--disable-server', noteFile]);
  const form = await windowOf(display, 'chromium', 'Expense report');
  const note = await windowOf(display, 'mousepad', 'note.txt');
  await place(display, note, noteWindow);
  if (withSide) await openSide(display, sites.side);
  await new Page(sites.form, '/form').until('itself', () => true);
  return {
    form: await boundsOf(display, form),
    side: sideWindow,
    note: await boundsOf(display, note),
  };
}

async function openSide(display: StagedDisplay, site: Site): Promise<void> {
  const { x, y, width, height } = sideWindow;
  const more = [plain, `--window-position=${x},${y}`];
  await display.startChromium(`${site.origin}/side`, { width, height, moreArguments: more });
  await windowOf(display, 'chromium', 'Side page');
  await new Page(site, '/side').until('itself', () => true);
}

/** The saved file's bytes; undefined when it is not there. */
export async function savedBytes(file: string): Promise<Buffer | undefined> {
  return readFile(file).catch(() => undefined);
}
