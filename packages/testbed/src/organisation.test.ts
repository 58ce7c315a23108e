import { afterAll, expect, test } from 'vitest';
import { agreeManifest, joinAndImport, startOrganisation } from './organisation.ts';
import { postgresPrograms, startPostgres } from './postgres.ts';
import { describeWith } from './require.ts';

const postgres = await postgresPrograms();
describeWith([`${postgres ?? '/usr/lib/postgresql/bin'}/initdb`], 'an organisation', () => {
  const stack = new AsyncDisposableStack();
  afterAll(() => stack.disposeAsync());

  test('on PostgreSQL it takes an import in, refines it and shows it to its owner', async () => {
    if (postgres === undefined) throw new Error('PostgreSQL is not installed.');
    const server = await startPostgres(postgres);
    stack.defer(() => server.stop());
    const { url } = await server.newDatabase();
    const organisation = stack.use(await startOrganisation('--database', url));
    await agreeManifest(organisation, [{ app: 'import:ducktrack', mode: 'full' }]);
    const home = await joinAndImport(organisation, 'home', 'h');
    await organisation.handrail(home, 'wait', '--timeout', '60s');
    const { trajectories } = await organisation.handrail(home, 'mine', 'list');
    expect(trajectories).toMatchObject([{ actions: 2 }]);
    const told = [...(await organisation.everyFile())]
      .filter(([, bytes]) => bytes.includes(url))
      .map(([path]) => path);
    expect(told, 'only the server’s own settings name its database').toHaveLength(1);
  });
});
