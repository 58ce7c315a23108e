// A server whose every check says yes runs against an honest vault and honest devices: it can
// refuse, never obtain.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientOf } from '@handrail/agent/home/client';
import { deviceSigner, Home } from '@handrail/agent/home/home';
import { DayKeys } from '@handrail/agent/segment/day-keys';
import { newSigningSeed, signerFromSeed } from '@handrail/core/seal';
import { type Grant, sign } from '@handrail/core/statement';
import { call, deviceRoutes, personRoutes, vaultRoutes } from '@handrail/core/wire';
import { changedBuild } from '@handrail/testbed/changed-build';
import {
  agreeManifest,
  joinAndImport,
  type Organisation,
  startChangedOrganisation,
} from '@handrail/testbed/organisation';
import { loadPerson, personSigner } from 'handrail/home/person';
import { readTrajectory } from 'handrail/home/reading';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deviceClient } from './asking.ts';
import { lies } from './lies.ts';

const words = 'harvest the walnut ledger';
const stack = new AsyncDisposableStack();
let organisation: Organisation;
let flag: string;
let ann: string;
let bob: string;
let trajectory: string;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'handrail-lying-'));
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  flag = join(folder, 'own-keys');
  const launcher = await changedBuild(join(folder, 'build'), lies(flag));
  organisation = stack.use(await startChangedOrganisation(launcher));
  await agreeManifest(organisation, [{ app: 'import:ducktrack', mode: 'full' }]);
  ann = await joinAndImport(organisation, 'ann', words);
  bob = await joinAndImport(organisation, 'bob', 'nothing of note');
  await organisation.handrail(ann, 'wait', '--timeout', '60s');
  const { trajectories } = await organisation.handrail(ann, 'mine', 'list');
  trajectory = (trajectories as { readonly id: string }[])[0]?.id ?? '';
});
afterAll(() => stack.disposeAsync());

test('the owner of a recording still reads it', async () => {
  const shown = await organisation.handrail(ann, 'mine', 'show', trajectory);
  expect(JSON.stringify(shown.actions)).toContain(words);
});

test('who approves their own request gets no release', async () => {
  const { researcherHome } = organisation;
  const recipe = organisation.path('recipe.json');
  const contexts = [{ app: 'import:ducktrack' }];
  await writeFile(recipe, JSON.stringify({ purpose: 'train-agents', contexts, actionsMax: 100 }));
  const asked = ['--scope', recipe, '--purpose', 'train-agents', '--tier', 'release'];
  const request = [...asked, '--hours', '1', '--reason', 'mine'];
  const made = await organisation.handrail(researcherHome, 'grant', 'request', ...request);
  const id = String(made.id);
  const person = await loadPerson(researcherHome);
  const signer = await personSigner(person);
  const client = clientOf(organisation.url, signer);
  const { grant } = await call(client, personRoutes.grant, { params: { id } });
  const approval = await sign(approvalOf(grant), signer);
  await call(client, personRoutes.approveGrant, { params: { id }, body: { approval } });
  const build = ['release', 'build', recipe, '--grant', id, '--wait', '--home', researcherHome];
  const ran = await organisation.run(...build, '--json');
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain('grant-not-approved');
  const objects = [...(await organisation.everyFile()).keys()];
  expect(objects.filter((path) => path.includes('/releases/'))).toEqual([]);
});

test('nobody else reads it, in their own name or in that of its owner', async () => {
  const client = await deviceClient(organisation.url, bob);
  const [own, other] = [await new Home(bob).device(), await new Home(ann).device()];
  const signer = await deviceSigner(own);
  for (const [participant, reason] of [
    [own.pseudonym, 'another-participant'],
    [other.pseudonym, 'session-not-signed'],
  ] as const) {
    const reader = { client, signer, programme: own.programme, by: { participant } };
    const read = readTrajectory(reader, trajectory).next();
    await expect(read).rejects.toMatchObject({ code: 'access.denied', message: reason });
  }
  const shown = await organisation.run('mine', 'show', trajectory, '--home', bob, '--json');
  expect(shown.code).not.toBe(0);
  expect(shown.stdout + shown.stderr).not.toContain(words);
});

test('who passes for the vault gets ciphertext', async () => {
  const stranger = clientOf(organisation.url, await signerFromSeed(newSigningSeed()));
  const params = { '*': `trajectories/${trajectory}` };
  const bytes = await call(stranger, vaultRoutes.getObject, { params });
  expect(bytes.length).toBeGreaterThan(words.length);
  expect(Buffer.from(bytes).includes(words)).toBe(false);
});

test('a device takes no day key that the server made', async () => {
  await writeFile(flag, '');
  const client = await deviceClient(organisation.url, ann);
  const { keys } = await call(client, deviceRoutes.dayKeys, {});
  expect(keys).toHaveLength(1);
  const dayKeys = new DayKeys(await new Home(ann).device());
  await dayKeys.refresh(client);
  expect(dayKeys.isEmpty).toBe(true);
  await rm(flag);
  await dayKeys.refresh(client);
  expect(dayKeys.isEmpty).toBe(false);
});

function approvalOf(grant: Grant) {
  const at = `${new Date().toISOString().slice(0, 19)}Z`;
  return { v: 1, kind: 'approval', programme: grant.programme, at, grant } as const;
}
