import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scanFolders } from 'handrail/canary/read-back/scan-files';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { agreeManifest, type Organisation, startOrganisation } from '../organisation.ts';
import { describeWith } from '../require.ts';
import { builtExtension, databaseDump, type ExtendedBrowser, startExtended } from './chromium.ts';
import { type SamplePage, samplePage } from './sample-page.ts';

const control = 'the ferry leaves at low tide';
/** What comes just before a field that is not watched is given up for it. */
const hold = 'thank you very much for it';
const random = () => crypto.randomUUID();

describeWith(['chromium', 'age'], 'the extension in a real browser', () => {
  const stack = new AsyncDisposableStack();
  const mail = `${random().slice(0, 8)}.${random().slice(0, 8)}@example.org`;
  /** Typed where nothing is watched: no rule would have found them. */
  const secure = Array.from({ length: 5 }, random);
  const shown = random();
  const elsewhere = random();
  const paused = random();
  let organisation: Organisation;
  let browser: ExtendedBrowser;
  let site: SamplePage;
  let other: SamplePage;
  let isHandedIn = false;

  const badge = () => browser.worker.evaluate('chrome.action.getBadgeText({})');
  const becomes = (text: string) => expect.poll(badge, { timeout: 60_000 }).toBe(text);

  async function opened(url: string): Promise<Page> {
    const page = await browser.context.newPage();
    await page.goto(url);
    await page.bringToFront();
    // Asked after the page's script has spoken up, and so answered after that was.
    await browser.worker.evaluate('chrome.tabs.query({})');
    await page.click('h1');
    return page;
  }

  async function typeInto(page: Page, place: string, text: string): Promise<void> {
    await page.click(place);
    await page.keyboard.type(text, { delay: 15 });
  }

  beforeAll(async () => {
    site = stack.use(await samplePage(shown));
    other = stack.use(await samplePage(shown));
    const [started, extension] = await Promise.all([startOrganisation(), builtExtension()]);
    organisation = stack.use(started);
    await mkdir(organisation.path('dumps'));
    await agreeManifest(organisation, [{ app: 'chromium', origin: site.origin, mode: 'full' }]);
    browser = stack.use(await startExtended(extension, organisation.path('profile')));
  });
  afterAll(() => stack.disposeAsync());

  test('nothing happens before somebody has seen the notice and accepted', async () => {
    const page = await browser.own('join.html');
    const { url, invite } = organisation;
    await page.fill('[name=url]', url);
    await page.fill('[name=name]', 'Ann');
    await page.fill('[name=invite]', `${invite.split('.')[0]}.aaaa-bbbb-cccc-dddd-eeee-ffff`);
    await page.click('button[type=submit]');
    await page.getByText('another fingerprint').waitFor();
    await page.fill('[name=invite]', invite);
    await page.click('button[type=submit]');
    await page.getByText(`chromium at ${site.origin}`).waitFor();
    expect(await badge()).toBe('');
    await page.click('#accept');
    await becomes('REC');
    await page.close();
  });

  test('what is sealed is handed in, and a pause ends it at once', async () => {
    await typeInto(await opened(other.origin), '#comment', elsewhere);
    const page = await opened(site.origin);
    await typeInto(page, '#comment', `${control} ${mail} ${hold}`);
    const [first = '', again = '', card = '', code = '', shadow = ''] = secure;
    await typeInto(page, '#first', first);
    await page.click('#show');
    await typeInto(page, '#first', again);
    await typeInto(page, '#number', card);
    await typeInto(page, '#code', code);
    await typeInto(page, '#host', shadow);
    const popup = await browser.own('popup.html');
    await popup.getByText('Pause until I resume').click();
    await becomes('||');
    await page.bringToFront();
    await typeInto(page, '#comment', paused);
    await expect.poll(() => databaseDump(popup), { timeout: 60_000 }).toMatch(/"segments":\[\{/);
    await writeFile(organisation.path('dumps/browser.json'), await databaseDump(popup));
    await expect.poll(() => databaseDump(popup), { timeout: 60_000 }).toContain('"segments":[]');
    isHandedIn = true;
    await popup.close();
  });

  test('a trajectory is made of it, and nothing that was planted stands anywhere', async () => {
    expect(isHandedIn).toBe(true);
    const exported = await release();
    await writeFile(organisation.path('dumps/exported.json'), exported);
    expect(exported).toMatch(new RegExp(`${control} \\[(email|secret)\\] ${hold.slice(0, 5)}`));
    expect(exported).toMatch(/click/);
    await browser[Symbol.asyncDispose]();
    await organisation.stop('SIGTERM');
    const planted = [...secure, mail, shown, elsewhere, paused];
    const { found, rows } = await scanFolders(kept(), [...planted, control]);
    expect(rows).toBeGreaterThan(0);
    // What may be kept is found, in what was exported, and nothing else.
    expect([...found.keys()]).toEqual([planted.length]);
  });

  /** What the browser keeps for the extension, and all that the organisation does. */
  function kept(): readonly string[] {
    const profile = (name: string) => organisation.path(join('profile', 'Default', name));
    const own = ['IndexedDB', 'Local Extension Settings', 'Service Worker'].map(profile);
    const folders = ['dumps', 'data'];
    return [...own, ...folders.map((name) => organisation.path(name))];
  }

  /** All actions that a researcher may get, in the open. */
  async function release(): Promise<string> {
    const { researcherHome, stewardHome, officerHome, handrail } = organisation;
    const recipe = organisation.path('recipe.json');
    const contexts = [{ app: 'chromium', origin: site.origin }];
    await writeFile(recipe, JSON.stringify({ purpose: 'train-agents', contexts, actionsMax: 100 }));
    const terms = '--purpose train-agents --tier release --hours 1 --reason try'.split(' ');
    const ask = ['grant', 'request', '--scope', recipe, ...terms];
    const grant = String((await handrail(researcherHome, ...ask)).id);
    await handrail(stewardHome, 'grant', 'approve', grant);
    await handrail(officerHome, 'grant', 'approve', grant);
    const build = ['release', 'build', recipe, '--grant', grant, '--wait'];
    const built = () => handrail(researcherHome, ...build).catch(() => ({ rows: 0, id: '' }));
    let id = '';
    await expect
      .poll(
        async () => {
          const { rows, id: made } = await built();
          id = String(made);
          return rows;
        },
        { timeout: 90_000 },
      )
      .toBeGreaterThan(0);
    const out = organisation.path('export.age');
    await handrail(researcherHome, 'release', 'export', id, '--format', 'agentnet', '--out', out);
    const identity = join(researcherHome, 'age-identity.txt');
    return execFileSync('age', ['-d', '-i', identity, out]).toString('utf8');
  }
});
