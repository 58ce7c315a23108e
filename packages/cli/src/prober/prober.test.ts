import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clientOf } from '@handrail/agent/home/client';
import { fromBase64url } from '@handrail/core/bytes';
import { leafHash, readEntries, verifyInclusion } from '@handrail/core/ledger';
import { signersOf } from '@handrail/core/statement';
import { ledgerReader } from '@handrail/core/wire';
import {
  agreeManifest,
  type Organisation,
  startOrganisation,
} from '@handrail/testbed/organisation';
import { afterAll, beforeAll, expect, test } from 'vitest';

const roundMsMax = 60_000;
const log = [
  { time_stamp: 1, action: 'click', x: 10, y: 10, button: 'left', pressed: true },
  { time_stamp: 1.1, action: 'click', x: 10, y: 10, button: 'left', pressed: false },
  { time_stamp: 2, action: 'press', name: 'h' },
  { time_stamp: 2.1, action: 'release', name: 'h' },
];

let organisation: Organisation;
let data: string;
let home: string;

beforeAll(async () => {
  organisation = await startOrganisation();
  data = join(organisation.folder, 'data');
  await agreeManifest(organisation, [{ app: 'import:ducktrack', mode: 'full' }]);
  const { url, invite } = organisation;
  home = organisation.path('home');
  await organisation.handrail(home, 'join', url, '--invite', invite, '--name', 'P', '--accept');
  const file = organisation.path('log.jsonl');
  await writeFile(file, log.map((line) => JSON.stringify(line)).join('\n'));
  await organisation.handrail(home, 'import', file, '--format', 'ducktrack');
  await organisation.handrail(home, 'wait', '--timeout', '60s');
}, 120_000);
afterAll(() => organisation[Symbol.asyncDispose]());

async function probe() {
  const { invite, proberHome } = organisation;
  const args = ['probe', 'run', '--data', data, '--invite', invite, '--home', proberHome, '--json'];
  const { code, stdout, stderr } = await organisation.run(...args);
  if (stdout === '') throw new Error(stderr);
  return { code, ...JSON.parse(stdout) };
}

test('a round finds nothing, tries all, and stands in the ledger', {
  timeout: 90_000,
}, async () => {
  const startedMs = performance.now();
  const round = await probe();
  expect(round).toMatchObject({ code: 0, findings: [], untried: [], incident: null });
  expect(performance.now() - startedMs).toBeLessThan(roundMsMax);
  expect(round.tried).toBeGreaterThan(800);
  const board = await organisation.handrail(organisation.commanderHome, 'probe', 'board');
  expect(board.rounds).toMatchObject([{ index: round.index, findings: 0, untried: 0 }]);
  expect(board.paths).toHaveLength(round.ways);
});

/** What the participant is told of incidents, as both commands say it in words. */
async function told(): Promise<string> {
  const { stdout } = await organisation.run('mine', 'notices', '--home', home);
  const status = await organisation.run('status', '--home', home);
  for (const line of stdout.trim().split('\n')) expect(status.stdout).toContain(line);
  return stdout;
}

test('a folder that others may enter halts the programme', { timeout: 90_000 }, async () => {
  await chmod(data, 0o755);
  const { code, findings, incident } = await probe();
  await chmod(data, 0o700);
  expect(code).toBe(1);
  expect(await told()).toMatch(/^Incident inc_\w+: since 20\S+Z others .*\n {2}It is open/);
  expect(findings).toEqual([{ path: 'folder data', identity: 'any account', what: 'open' }]);
  expect(incident).toMatch(/^inc_/);
  const now = await organisation.handrail(organisation.commanderHome, 'programme', 'show');
  expect(now.state).toBe('halted');
});

test('it closes once probes are green again, and only then does anything resume', {
  timeout: 120_000,
}, async () => {
  const { commanderHome, officerHome, stewardHome } = organisation;
  const words = ['--exposed', 'ciphertext', '--failed', 'file modes', '--access', 'owner only'];
  const [{ id } = { id: '' }] = (await incidents()).filter(({ closedAt }) => closedAt === null);
  const close = () =>
    organisation.handrail(commanderHome, 'incident', 'close', id, ...words, '--retention', 'none');
  await expect(close()).rejects.toThrow(/found nothing/);
  await expect(organisation.handrail(officerHome, 'programme', 'resume')).rejects.toThrow(/close/);
  expect(await probe()).toMatchObject({ code: 0, findings: [] });
  expect((await close()).closedAt).not.toBeNull();
  expect(await told()).toMatch(
    /Exposed: ciphertext\n {2}Failed: file modes[\s\S]*handrail mine reads/,
  );
  expect((await organisation.handrail(home, 'status')).notices).toMatchObject([{ id }]);
  const file = organisation.path('evidence.json');
  const report = ['incident', 'report', id, '--evidence', file];
  expect(await organisation.handrail(commanderHome, ...report)).toMatchObject({
    closing: { exposed: 'ciphertext', controlsFailed: ['file modes'] },
    proofs: expect.any(Number),
  });
  expect(await proofsHold(file)).toBeGreaterThan(3);
  await organisation.handrail(stewardHome, 'programme', 'resume');
  expect(await organisation.handrail(officerHome, 'programme', 'resume')).toMatchObject({
    state: 'running',
  });
});

async function incidents(): Promise<readonly { id: string; closedAt: string | null }[]> {
  const shown = await organisation.handrail(organisation.commanderHome, 'incident', 'show');
  return shown.incidents as { id: string; closedAt: string | null }[];
}

/** How many of the bundle's statements stand where it says, checked with the bundle alone. */
async function proofsHold(file: string): Promise<number> {
  const bundle = JSON.parse(await readFile(file, 'utf8'));
  expect((await signersOf(bundle)).size).toBe(1);
  const { checkpoint, proofs } = bundle.payload;
  const [, size, root = ''] = String(checkpoint).split('\n');
  const head = { size: Number(size), root: new Uint8Array(Buffer.from(root, 'base64')) };
  const url = organisation.url;
  const reader = ledgerReader(clientOf(url, undefined));
  let held = 0;
  for await (const { index, bytes } of readEntries(reader, head, 0)) {
    const proof = proofs.find((one: { index: number }) => one.index === index);
    if (proof === undefined) continue;
    const hashes = proof.hashes.map(fromBase64url);
    expect(verifyInclusion(leafHash(bytes), index, head, hashes)).toBe(true);
    held += 1;
  }
  return held;
}
