import { afterAll, expect, test } from 'vitest';
import {
  agreeManifest,
  joinAndImport,
  type Organisation,
  startOrganisation,
} from './organisation.ts';
import { postgresPrograms, startPostgres } from './postgres.ts';
import { describeWith } from './require.ts';

const postgres = await postgresPrograms();
describeWith([`${postgres ?? '/usr/lib/postgresql/bin'}/initdb`], 'an organisation', () => {
  const stack = new AsyncDisposableStack();
  afterAll(() => stack.disposeAsync());
  let organisation: Organisation;
  let plant: (sql: string) => Promise<void>;

  test('on PostgreSQL it takes an import in, refines it and shows it to its owner', async () => {
    if (postgres === undefined) throw new Error('PostgreSQL is not installed.');
    const server = await startPostgres(postgres);
    stack.defer(() => server.stop());
    const { url, administer } = await server.newDatabase();
    plant = administer;
    organisation = stack.use(await startOrganisation('--database', url));
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

  test('its probes see a planted grant in the database, halt it and open an incident', {
    timeout: 90_000,
  }, async () => {
    await plant('create role snoop login bypassrls; grant select on segment to snoop');
    const { proberHome, commanderHome } = organisation;
    const { code, stdout } = await organisation.run(
      ...['probe', 'run', '--home', proberHome, '--json'],
    );
    expect([code, JSON.parse(stdout).findings]).toEqual([
      1,
      [
        { path: 'table public.segment', identity: 'snoop', what: 'open' },
        { path: 'row security', identity: 'snoop', what: 'open' },
      ],
    ]);
    const { incidents } = await organisation.handrail(commanderHome, 'incident', 'show');
    expect(incidents).toMatchObject([{ severity: 2, cause: 'probe', halted: true }]);
  });
});
