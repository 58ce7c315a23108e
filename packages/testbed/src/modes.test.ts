import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  agreeManifest,
  joinAndImport,
  type Organisation,
  startOrganisation,
} from './organisation.ts';

const words = 'save the pay of ferries';

describe('what an organisation gets of a context that keeps less than all', () => {
  const stack = new AsyncDisposableStack();
  let organisation: Organisation;

  beforeAll(async () => {
    organisation = stack.use(await startOrganisation());
  });
  afterAll(() => stack.disposeAsync());

  /** The texts of the actions that a participant sees of their own import. */
  async function kept(name: string): Promise<unknown> {
    const home = await joinAndImport(organisation, name, words);
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
});
