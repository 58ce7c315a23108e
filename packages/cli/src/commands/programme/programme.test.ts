import { readFile, writeFile } from 'node:fs/promises';
import { clientOf } from '@handrail/agent/home/client';
import { call, publicRoutes } from '@handrail/core/wire';
import { browserAt } from '@handrail/testbed/browser';
import { type Organisation, startOrganisation } from '@handrail/testbed/organisation';
import { afterAll, beforeAll, expect, test } from 'vitest';

let organisation: Organisation;

beforeAll(async () => {
  organisation = await startOrganisation();
});
afterAll(() => organisation[Symbol.asyncDispose]());

const auditorHome = () => organisation.path('auditor');
const join = () =>
  ['join', organisation.url, '--invite', organisation.invite, '--name', 'Ann', '--accept'] as const;
const say = (home: string, word: 'show' | 'halt' | 'resume') =>
  organisation.handrail(home, 'programme', word);

test('one person halts; two roles resume, signing one after the other', async () => {
  const { stewardHome, officerHome, researcherHome } = organisation;
  const running = { state: 'running', programmeEpoch: 1, resumeSignatures: 0 };
  expect(await say(researcherHome, 'show')).toMatchObject({ ...running, phase: 'active' });
  await expect(say(researcherHome, 'halt')).rejects.toThrow(/Stewards, officers and incident/);
  const halted = { state: 'halted', programmeEpoch: 2, resumeSignatures: 0 };
  expect(await say(stewardHome, 'halt')).toEqual(halted);
  expect(await say(officerHome, 'halt')).toEqual(halted);
  for (const _again of [1, 2]) {
    expect(await say(stewardHome, 'resume')).toEqual({ ...halted, resumeSignatures: 1 });
  }
  expect(await say(officerHome, 'resume')).toEqual({ ...running, programmeEpoch: 3 });
  expect(await say(officerHome, 'resume')).toEqual({ ...running, programmeEpoch: 3 });
});

test('a login that a key vouched for stops the programme, and two roles go on', async () => {
  const { stewardHome, officerHome, url } = organisation;
  const { ticket } = await organisation.handrail(stewardHome, 'login', 'link');
  const browser = browserAt(url);
  expect((await browser.post('/v1/login/ticket', { ticket })).status).toBe(204);
  await browser.post('/v1/login/programme/stop');
  const stopped = { state: 'halted', programmeEpoch: 3, resumeSignatures: 0 };
  expect(await say(officerHome, 'show')).toMatchObject(stopped);
  await say(stewardHome, 'resume');
  expect(await say(officerHome, 'resume')).toMatchObject({ state: 'running', programmeEpoch: 4 });
});

test('a charter is amended by two roles, and people follow it', async () => {
  const { stewardHome, officerHome, researcherHome, url } = organisation;
  const file = organisation.path('amendment.json');
  const { persons } = (await call(clientOf(url, undefined), publicRoutes.programme, {})).charter
    .payload;
  const made = ['key', 'new', '--role', 'auditor'] as const;
  const { id, publicKey } = await organisation.handrail(auditorHome(), ...made);
  const more = [...persons, { id, role: 'auditor', publicKey }];
  await writeFile(file, JSON.stringify({ purposes: ['train-agents'], k: 2, persons: more }));
  const amended = await organisation.handrail(officerHome, 'programme', 'amend', file);
  expect(amended).toMatchObject({ kind: 'charter', state: 'pending' });
  const approve = ['programme', 'approve', String(amended.digest).slice(0, 12)] as const;
  await expect(organisation.handrail(researcherHome, ...approve)).rejects.toThrow('oversee');
  expect(await organisation.handrail(stewardHome, ...approve)).toMatchObject({ state: 'decided' });
  expect(await say(researcherHome, 'show')).toMatchObject({ charter: 2, pending: [] });
  expect(await organisation.handrail(organisation.path('ann'), ...join())).toMatchObject({
    joined: true,
  });
});

test('an auditor finds everything signed by who may, and is told what is not', async () => {
  const { stewardHome, url } = organisation;
  const file = organisation.path('given.json');
  const audit = (home: string, ...args: readonly string[]) =>
    organisation.handrail(home, 'ledger', 'audit', '--url', url, ...args);
  await expect(audit(stewardHome)).rejects.toThrow('no such');
  const report = await audit(auditorHome(), '--keep', file);
  expect(report).toMatchObject({ ok: true, findings: [] });
  expect(report.statements).toBeGreaterThan(5);
  expect(report.decisions).toMatchObject({ byOthers: 0, missed: 0, past: 0 });
  const kept = JSON.parse(await readFile(file, 'utf8'));
  const index = kept.entries.at(-1).index;
  kept.entries.pop();
  await writeFile(file, JSON.stringify(kept));
  const args = ['ledger', 'audit', '--home', auditorHome(), '--given', file] as const;
  const { code, stdout } = await organisation.run(...args);
  expect(code).toBe(1);
  expect(stdout).toContain(`Entry ${index}`);
  expect(stdout).toContain('what it commits to is withheld.');
});

test('a close is final', async () => {
  const { stewardHome, officerHome } = organisation;
  const close = await organisation.handrail(stewardHome, 'programme', 'close', '--close');
  const second = ['programme', 'approve', String(close.digest).slice(0, 12)] as const;
  expect(await organisation.handrail(officerHome, ...second)).toMatchObject({ state: 'decided' });
  expect(await say(stewardHome, 'show')).toMatchObject({ phase: 'closed' });
  const late = organisation.path('bea');
  await expect(organisation.handrail(late, ...join())).rejects.toThrow('closed for good');
});
