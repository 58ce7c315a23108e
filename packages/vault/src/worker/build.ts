// Builds a release under its recipe and seals each of its files to the release's own key.
import { releaseAad } from '@handrail/core/dataset';
import { HandrailError } from '@handrail/core/errors';
import { sealBox } from '@handrail/core/seal';
import { releaseFiles } from './release-files.ts';
import type { BuildResult, BuildTask, WorkerResult } from './task.ts';

/** Throws `access.denied` when the recipe is for another purpose than the task. */
export async function build(task: BuildTask): Promise<BuildResult | RefusedResult> {
  if (task.recipe.purpose !== task.purpose) {
    throw new HandrailError('access.denied', 'The recipe is for another purpose than the grant.');
  }
  const built = await releaseFiles(task);
  if (built.kind === 'refused') return built;
  const files: { readonly name: string; readonly sealed: Uint8Array }[] = [];
  for (const { name, bytes } of built.files) {
    const aad = releaseAad(task.release, name);
    files.push({ name, sealed: (await sealBox(task.releaseKey, 'release', aad, bytes)).bytes });
  }
  const { manifest, manifestDigest } = built;
  return {
    kind: 'build',
    files,
    manifestDigest,
    inputs: manifest.inputs.map(({ trajectory }) => trajectory),
    rows: manifest.rows,
    trajectories: manifest.counts.trajectories,
    participants: manifest.counts.participants,
  };
}

type RefusedResult = Extract<WorkerResult, { readonly kind: 'refused' }>;
