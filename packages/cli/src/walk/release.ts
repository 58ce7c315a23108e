// A release: asked for by a researcher, approved by two persons of different roles, built, and
// taken away sealed. The standard age tool opens it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../stage/run-program.ts';
import type { Organisation } from './organisation.ts';
import type { Walk } from './walk.ts';

export interface OpenedRelease {
  readonly agentnet: string;
  readonly parquet: string;
}

export async function buildRelease(
  walk: Walk,
  organisation: Organisation,
  origin: string,
): Promise<OpenedRelease> {
  const { line, folders, report } = walk;
  const { researcherHome } = organisation;
  const recipe = join(folders.given, 'recipe.json');
  const contexts = [{ app: 'chromium', origin }, { app: 'mousepad' }];
  await writeFile(
    recipe,
    JSON.stringify({ purpose: 'train-agents', contexts, actionsMax: 10_000 }),
  );
  const grant = await approvedGrant(walk, organisation, recipe);
  const args = ['release', 'build', recipe, '--grant', grant, '--wait'];
  const built = await line.run(researcherHome, ...args);
  const rows = Number(built.rows);
  report.figures.rows = rows;
  report.check('the release is built', rows > 0, `${rows} rows, ${String(built.id)}`);
  return {
    agentnet: await open(walk, researcherHome, String(built.id), 'agentnet'),
    parquet: await open(walk, researcherHome, String(built.id), 'parquet'),
  };
}

async function approvedGrant(
  { line, report }: Walk,
  { researcherHome, stewardHome, officerHome }: Organisation,
  recipe: string,
): Promise<string> {
  const what = ['--purpose', 'train-agents', '--scope', recipe, '--tier', 'release'];
  const why = ['--hours', '1', '--reason', 'A release from end to end, to see what it holds'];
  const asked = await line.run(researcherHome, 'grant', 'request', ...what, ...why);
  const id = String(asked.id);
  const first = await line.run(stewardHome, 'grant', 'approve', id);
  const second = await line.run(officerHome, 'grant', 'approve', id);
  const ok = first.state !== 'approved' && second.state === 'approved';
  report.check('reading takes two roles', ok, `${first.state}, then ${second.state}`);
  return id;
}

async function open(
  { line, folders }: Walk,
  home: string,
  release: string,
  format: 'agentnet' | 'parquet',
): Promise<string> {
  const sealed = join(folders.exports, `${format}.age`);
  await line.run(home, 'release', 'export', release, '--format', format, '--out', sealed);
  const plain = join(folders.opened, format === 'agentnet' ? 'agentnet.jsonl' : 'actions.parquet');
  const identity = join(home, 'age-identity.txt');
  await runProgram('age', ['-d', '-i', identity, '-o', plain, sealed], line.environment());
  return plain;
}
