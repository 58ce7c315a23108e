// A real Chromium with the extension as it is built, on a profile of its own, without a screen.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type BrowserContext, chromium, type Page, type Worker } from 'playwright-core';

const program = '/usr/bin/chromium';
const extensionFolder = fileURLToPath(new URL('../../../extension', import.meta.url));

/** Builds the extension; gives the folder that Chromium loads. */
export async function builtExtension(): Promise<string> {
  await promisify(execFile)('npm', ['run', 'build', '--silent'], { cwd: extensionFolder });
  return join(extensionFolder, 'dist', 'browser', 'chrome-mv3');
}

export interface ExtendedBrowser extends AsyncDisposable {
  readonly context: BrowserContext;
  readonly worker: Worker;
  /** Opens a page of the extension's own, such as `popup.html`. */
  own(name: string): Promise<Page>;
}

export async function startExtended(extension: string, profile: string): Promise<ExtendedBrowser> {
  const args = ['--no-sandbox', `--disable-extensions-except=${extension}`];
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: program,
    headless: true,
    ignoreDefaultArgs: ['--disable-extensions'],
    args: [...args, `--load-extension=${extension}`],
  });
  const [known] = context.serviceWorkers();
  const worker = known ?? (await context.waitForEvent('serviceworker'));
  const origin = worker.url().replace(/\/[^/]*$/, '');
  return {
    context,
    worker,
    own: async (name) => {
      const page = await context.newPage();
      await page.goto(`${origin}/${name}`);
      return page;
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/** All that a page of the extension can read of its database, bytes as numbers and as text. */
export function databaseDump(page: Page): Promise<string> {
  return page.evaluate(`(async () => {
    const done = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const database = await done(indexedDB.open('handrail'));
    const all = {};
    for (const name of database.objectStoreNames) {
      all[name] = await done(database.transaction(name).objectStore(name).getAll());
    }
    database.close();
    const text = (bytes) => [...bytes].map((byte) => String.fromCharCode(byte)).join('');
    return JSON.stringify(all, (key, value) => (value instanceof Uint8Array ? text(value) : value));
  })()`);
}
