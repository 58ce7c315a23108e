import { rm, writeFile } from 'node:fs/promises';
import { notInOwnText } from 'handrail/canary/own-text';
import { plant } from 'handrail/canary/plant';
import { scanFolders } from 'handrail/canary/read-back/scan-files';
import { classes } from 'handrail/canary/values/classes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  agreeManifest,
  joinAndImport,
  type Organisation,
  startOrganisation,
} from './organisation.ts';

const words = 'save the pay of ferries';
const plantedCount = 60;
/** The only value of a class may stand in our own sources, and is not planted then. */
const classesMin = classes.length - 1;
const control = 'the ferry leaves at low tide';

describe('what an organisation gets of a context that keeps less than all', () => {
  const stack = new AsyncDisposableStack();
  let organisation: Organisation;

  beforeAll(async () => {
    organisation = stack.use(await startOrganisation());
  });
  afterAll(() => stack.disposeAsync());

  /** The texts of the actions that a participant sees of their own import. */
  async function kept(name: string, typed = words): Promise<string> {
    const home = await joinAndImport(organisation, name, typed);
    await organisation.handrail(home, 'wait', '--timeout', '60s');
    const { trajectories } = await organisation.handrail(home, 'mine', 'list');
    const [{ id }] = trajectories as [{ id: string }];
    const { actions } = await organisation.handrail(home, 'mine', 'show', id);
    return (actions as { kind: string; text?: string }[])
      .filter(({ kind }) => kind === 'type')
      .map(({ text }) => text)
      .join('');
  }

  test('a skeleton keeps no word, a vocabulary the listed ones, from device to view', async () => {
    const app = 'import:ducktrack';
    await agreeManifest(organisation, [{ app, mode: 'skeleton' }]);
    expect(await kept('one')).toBe('[text]');
    await agreeManifest(organisation, [{ app, mode: 'vocabulary', words: ['Pay'] }]);
    expect(await kept('two')).toBe('save the pay of [word]');
  });

  test('who proposes to keep sensitive places in full is told why it waits', async () => {
    const file = organisation.path('full.json');
    const contexts = [{ app: 'thunderbird', mode: 'full' }];
    await writeFile(file, JSON.stringify({ version: 1, signals: ['key'], contexts }));
    const { stewardHome } = organisation;
    const { state, why } = await organisation.handrail(stewardHome, 'manifest', 'set', file);
    expect(state).toBe('pending');
    expect(why).toEqual([
      'thunderbird is sensitive (mail): "full" takes two roles',
      'it captures more than the one before',
    ]);
  });

  test('of a skeleton nothing of any class can be recovered from all that is kept', async () => {
    const planted = await notInOwnText(plant(plantedCount));
    expect(new Set(planted.map((each) => each.class)).size).toBeGreaterThanOrEqual(classesMin);
    expect(planted.length).toBeGreaterThan(50);
    const app = 'import:ducktrack';
    const typed = { three: planted.map(({ value }) => value).join(' '), four: control };
    for (const [name, mode] of [['three', 'skeleton'] as const, ['four', 'full'] as const]) {
      await agreeManifest(organisation, [{ app, mode }]);
      await writeFile(organisation.path(`${name}.view`), await kept(name, typed[name]));
      await rm(organisation.path(`${name}.jsonl`));
    }
    await organisation.stop('SIGTERM');
    const sought = [...planted.map(({ secret }) => secret), control];
    const { found, rows } = await scanFolders([organisation.folder], sought);
    expect(rows).toBeGreaterThan(0);
    // What may be kept is found, and nothing else.
    expect([...found.keys()]).toEqual([planted.length]);
  });
});
