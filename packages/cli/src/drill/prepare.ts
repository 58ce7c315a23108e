// Before anything goes wrong: recordings with planted words, a release that two roles approved, and
// probes that find nothing.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Walk } from '../walk/walk.ts';
import type { See } from './drill.ts';
import type { DrillOrganisation } from './organisation.ts';
import { type Planted, plantWords, recordingOf } from './recording.ts';

const app = 'import:ducktrack';

export interface Scene {
  /** Homes of those who take part. */
  readonly homes: readonly [string, string];
  readonly planted: readonly Planted[];
  /** Where the recipe of the release lies. */
  readonly recipe: string;
}

export async function prepare(
  walk: Walk,
  organisation: DrillOrganisation,
  see: See,
): Promise<Scene> {
  const { line, folders } = walk;
  await agree(walk, organisation);
  const planted = [plantWords(), plantWords()];
  const homes = [join(folders.root, 'ada'), join(folders.root, 'bea')] as const;
  const shown = await Promise.all(
    planted.map((words, at) => handIn(walk, organisation, homes[at] ?? homes[0], words)),
  );
  const remarks = planted.every(({ remark }, at) => shown[at]?.includes(remark));
  see(2, 'owners read what they gave', remarks, `${shown.length} trajectories`);
  const masked = planted.every(({ address }, at) => !shown[at]?.includes(address));
  see(6, 'what was recognised as private was taken out before', masked);
  const recipe = await release(walk, organisation, see);
  const { proberHome, data } = organisation.layout;
  const invite = organisation.invite;
  const round = await line.run(proberHome, 'probe', 'run', '--data', data, '--invite', invite);
  see(4, 'probes find every way shut', isEmpty(round.findings), `${round.tried} probes`);
  return { homes: [homes[0], homes[1]], planted, recipe };
}

export function isEmpty(list: unknown): boolean {
  return Array.isArray(list) && list.length === 0;
}

async function agree({ line, folders }: Walk, { layout }: DrillOrganisation): Promise<void> {
  const file = join(folders.given, 'manifest.json');
  const signals = ['key', 'pointer', 'window', 'focus', 'frame'];
  const manifest = { version: 1, signals, contexts: [{ app, mode: 'full' }] };
  await writeFile(file, JSON.stringify(manifest));
  const { id } = await line.run(layout.stewardHome, 'manifest', 'set', file);
  await line.run(layout.officerHome, 'manifest', 'approve', String(id));
}

/** Joins, hands a recording in, and gives what its owner reads of it. */
async function handIn(
  { line, folders }: Walk,
  { url, invite }: DrillOrganisation,
  home: string,
  words: Planted,
): Promise<string> {
  await line.run(home, 'join', url, '--invite', invite, '--name', 'Somebody', '--accept');
  const file = join(folders.given, `${words.remark}.jsonl`);
  await writeFile(file, recordingOf(words));
  await line.run(home, 'import', file, '--format', 'ducktrack');
  await line.run(home, 'wait', '--timeout', '60s');
  const { trajectories } = await line.run(home, 'mine', 'list');
  const [first] = Array.isArray(trajectories) ? trajectories : [];
  return JSON.stringify(await line.run(home, 'mine', 'show', String(first?.id)));
}

async function release({ line, folders }: Walk, { layout }: DrillOrganisation, see: See) {
  const recipe = join(folders.given, 'recipe.json');
  const wanted = { purpose: 'train-agents', contexts: [{ app }], actionsMax: 100 };
  await writeFile(recipe, JSON.stringify(wanted));
  const { researcherHome, stewardHome, officerHome } = layout;
  const grant = await requestGrant({ line }, researcherHome, recipe);
  await Promise.all(
    [stewardHome, officerHome].map((home) => line.run(home, 'grant', 'approve', grant)),
  );
  const build = ['release', 'build', recipe, '--grant', grant, '--wait'];
  const { id } = await line.run(researcherHome, ...build);
  const verified = await line.run(researcherHome, 'release', 'verify', String(id), '--rebuild');
  see(9, 'a release is built again byte for byte', verified.rebuilt === true);
  const out = ['--out', join(folders.exports, 'export.age')];
  await line.run(researcherHome, 'release', 'export', String(id), '--format', 'agentnet', ...out);
  return recipe;
}

export async function requestGrant(
  { line }: Pick<Walk, 'line'>,
  home: string,
  recipe: string,
): Promise<string> {
  const terms = ['--purpose', 'train-agents', '--tier', 'release', '--hours', '1'];
  const ask = ['grant', 'request', '--scope', recipe, ...terms, '--reason', 'a drill'];
  return String((await line.run(home, ...ask)).id);
}
