// The second half of the walk: from intake to one row that a researcher reads, and back.
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeEntry, type EntryKind } from '@handrail/core/ledger';
import { expect } from 'vitest';
import { readBundle } from './read-bundle.ts';
import type { Walk } from './walk.ts';

/** vault/keeper -> vault/worker: opened after its entry, reduced, paired, resealed. */
export async function theVaultRefines(walk: Walk): Promise<string> {
  const { organisation, home, words, secret } = walk;
  await organisation.handrail(home.folder, 'wait', '--timeout', '60s');
  const { segments } = await organisation.handrail(home.folder, 'status');
  expect(segments).toMatchObject({ refined: 1, quarantined: 0, rejected: 0 });
  const { trajectories } = await organisation.handrail(home.folder, 'mine', 'list');
  expect(trajectories).toMatchObject([{ contexts: [{ app: 'chromium' }] }]);
  for (const [path, file] of await organisation.everyFile()) {
    expect(file.includes(words), path).toBe(false);
    expect(file.includes(secret), path).toBe(false);
  }
  return (trajectories as { readonly id: string }[])[0]?.id ?? '';
}

/** No ledger entry, no key: the intent stands there before the outcome. */
export async function theLedgerSaysSo(walk: Walk, kinds: readonly EntryKind[]): Promise<void> {
  const told = (await entries(walk)).map(({ kind }) => kind);
  let from = 0;
  for (const kind of kinds) {
    const at = told.indexOf(kind, from);
    expect(at, `${kind} in ${told.join(' ')}`).toBeGreaterThanOrEqual(from);
    from = at;
  }
}

/** Sealed to the reading key of the person it is about; every action has a frame from before it. */
export async function itsOwnerReads(walk: Walk, trajectory: string): Promise<void> {
  const { organisation, home, words, secret } = walk;
  const shown = await organisation.handrail(home.folder, 'mine', 'show', trajectory);
  const actions = shown.actions as { kind: string; text?: string; frame: string | null }[];
  expect(actions.some(({ kind, text }) => kind === 'type' && text === words)).toBe(true);
  expect(JSON.stringify(shown)).not.toContain(secret);
  expect(actions.filter(({ frame }) => frame === null)).toEqual([]);
}

const recipe = { purpose: 'train-agents', contexts: [{ app: 'chromium' }], actionsMax: 1000 };

/** Approved by two persons of different roles over bytes that name the recipe; by one, nothing. */
export async function twoPersonsGrant({ organisation }: Walk): Promise<string> {
  const { researcherHome, stewardHome, officerHome } = organisation;
  const file = organisation.path('recipe.json');
  await writeFile(file, JSON.stringify(recipe));
  const asked = ['--scope', file, '--purpose', 'train-agents', '--tier', 'release', '--hours', '1'];
  const request = ['grant', 'request', ...asked, '--reason', 'the walk'];
  const { id } = await organisation.handrail(researcherHome, ...request);
  await organisation.handrail(stewardHome, 'grant', 'approve', String(id));
  const early = await organisation.run(
    ...['release', 'build', file, '--grant', String(id), '--wait', '--home', researcherHome],
  );
  expect(early.code, early.stderr).toBe(1);
  await organisation.handrail(officerHome, 'grant', 'approve', String(id));
  return String(id);
}

/** release in a worker: built, published under its grant, and built again to the same bytes. */
export async function aReleaseIsBuilt({ organisation }: Walk, grant: string): Promise<string> {
  const { researcherHome } = organisation;
  const file = organisation.path('recipe.json');
  const build = ['release', 'build', file, '--grant', grant, '--wait'];
  const { id, rows } = await organisation.handrail(researcherHome, ...build);
  expect(Number(rows)).toBeGreaterThan(0);
  const verify = ['release', 'verify', String(id), '--rebuild', '--workers', '2'];
  expect(await organisation.handrail(researcherHome, ...verify)).toMatchObject({ ok: true });
  return String(id);
}

/** Exported sealed to the grantee: the standard tool opens it, and one row leads back. */
export async function theGranteeReadsARow(
  { organisation, words, secret }: Walk,
  release: string,
  trajectory: string,
): Promise<void> {
  const { researcherHome } = organisation;
  const out = organisation.path('rows.age');
  const args = ['release', 'export', release, '--format', 'agentnet', '--out', out];
  await organisation.handrail(researcherHome, ...args);
  expect((await readFile(out)).includes(words)).toBe(false);
  const identity = join(researcherHome, 'age-identity.txt');
  const text = execFileSync('age', ['-d', '-i', identity, out], { encoding: 'utf8' });
  const [row] = text.trim().split('\n');
  expect(JSON.parse(row ?? '{}')).toMatchObject({ task_id: trajectory });
  expect(text).toContain(words);
  expect(text).not.toContain(secret);
}

/** Erasure destroys the participant's keys: from then on nobody opens it, its owner neither. */
export async function goneMeansGone(walk: Walk, trajectory: string): Promise<void> {
  const { organisation, home } = walk;
  await organisation.handrail(home.folder, 'erase', '--yes');
  const again = await organisation.run('mine', 'show', trajectory, '--home', home.folder, '--json');
  expect(again.code, again.stderr).toBe(1);
}

async function entries({ organisation }: Walk) {
  const folder = organisation.path(`ledger-${Math.random().toString(36).slice(2)}`);
  await organisation.handrail(organisation.researcherHome, 'ledger', 'export', folder);
  const verified = await organisation.run(
    ...['ledger', 'verify', folder, '--key', join(folder, 'verifier-key'), '--json'],
  );
  expect(verified.code, verified.stderr).toBe(0);
  return (await readBundle(folder)).map((bytes) => decodeEntry(bytes));
}
