import { writeFile } from 'node:fs/promises';
import { afterAll, expect, test } from 'vitest';
import { agreeManifest, type Organisation, startOrganisation } from './organisation.ts';
import { postgresPrograms, startPostgres } from './postgres.ts';
import { describeWith } from './require.ts';

const postgres = await postgresPrograms();
const log = [
  { time_stamp: 1, action: 'move', x: 10, y: 10 },
  { time_stamp: 1.1, action: 'click', x: 10, y: 10, button: 'left', pressed: true },
  { time_stamp: 1.2, action: 'click', x: 10, y: 10, button: 'left', pressed: false },
  { time_stamp: 2, action: 'press', name: 'h' },
  { time_stamp: 2.1, action: 'release', name: 'h' },
];

describeWith([`${postgres ?? '/usr/lib/postgresql/bin'}/initdb`], 'an organisation', () => {
  const stack = new AsyncDisposableStack();
  afterAll(() => stack.disposeAsync());

  test('on PostgreSQL it takes an import in, refines it and shows it to its owner', async () => {
    if (postgres === undefined) throw new Error('PostgreSQL is not installed.');
    const server = await startPostgres(postgres);
    stack.defer(() => server.stop());
    const { url } = await server.newDatabase();
    const organisation = stack.use(await startOrganisation('--database', url));
    const home = await joined(organisation);
    const file = organisation.path('log.jsonl');
    await writeFile(file, log.map((line) => JSON.stringify(line)).join('\n'));
    await organisation.handrail(home, 'import', file, '--format', 'ducktrack');
    await organisation.handrail(home, 'wait', '--timeout', '60s');
    const { trajectories } = await organisation.handrail(home, 'mine', 'list');
    expect(trajectories).toMatchObject([{ actions: 2 }]);
    const told = [...(await organisation.everyFile())]
      .filter(([, bytes]) => bytes.includes(url))
      .map(([path]) => path);
    expect(told, 'only the server’s own settings name its database').toHaveLength(1);
  });
});

async function joined(organisation: Organisation): Promise<string> {
  await agreeManifest(organisation, [{ app: 'import:ducktrack', mode: 'full' }]);
  const home = organisation.path('home');
  const { url, invite } = organisation;
  await organisation.handrail(home, 'join', url, '--invite', invite, '--name', 'P', '--accept');
  return home;
}
