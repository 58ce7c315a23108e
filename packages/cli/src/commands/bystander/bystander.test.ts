import { randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import {
  agreeManifest,
  joinAndImport,
  type Organisation,
  startOrganisation,
} from '@handrail/testbed/organisation';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

const stack = new AsyncDisposableStack();
let organisation: Organisation;
beforeAll(async () => {
  organisation = stack.use(await startOrganisation());
});
afterAll(() => stack.disposeAsync());

/** Made up at each run: seven letters of no language. */
function word(): string {
  return Array.from({ length: 7 }, () => 'bdfghkmnprtvz'.charAt(randomInt(13))).join('');
}

test('from a sealed request to a recording without them, in processes of their own', {
  timeout: 120_000,
}, async () => {
  const { url, invite, stewardHome, officerHome } = organisation;
  const name = `${word()} ${word()}`;
  await agreeManifest(organisation, [{ app: 'import:ducktrack', mode: 'full' }]);
  const home = await joinAndImport(organisation, 'home', `ask ${name} soon`);
  await organisation.handrail(home, 'wait', '--timeout', '60s');
  const before = await organisation.handrail(home, 'mine', 'list');
  const file = organisation.path('lines');
  await writeFile(file, `${name}\n`);
  const fingerprint = invite.slice(invite.indexOf('.') + 1);
  const nobody = organisation.path('nobody');
  const at = ['--url', url] as const;
  const asked = ['bystander', 'request', ...at, '--fingerprint', fingerprint, '--file', file];
  const request = String((await organisation.handrail(nobody, ...asked)).request);
  const status = () => organisation.handrail(nobody, 'bystander', 'status', request, ...at);
  expect(await status()).toMatchObject({ state: 'waiting' });
  await organisation.handrail(stewardHome, 'bystander', 'approve', request);
  expect(await status()).toMatchObject({ state: 'waiting' });
  await organisation.handrail(officerHome, 'bystander', 'approve', request);
  await vi.waitFor(async () => expect(await status()).toMatchObject({ state: 'done' }), {
    timeout: 60_000,
    interval: 500,
  });
  expect(await status()).toMatchObject({ answer: { counted: 1, isWhole: true } });
  const after = await organisation.handrail(home, 'mine', 'list');
  expect(after.trajectories).toMatchObject([{ remade: 'bystander' }]);
  expect(after).not.toEqual(before);
  const reads = JSON.stringify(await organisation.handrail(home, 'mine', 'reads'));
  expect(reads).toContain('bystander');
  const files = await organisation.everyFile();
  const shown = [...files].filter(([, bytes]) => bytes.includes(name)).map(([path]) => path);
  expect(shown.map((path) => path.split('/').at(-1))).toEqual(['lines']);
});
