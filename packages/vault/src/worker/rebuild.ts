// Builds a release again from what its manifest names, and says which files are not the same.

import { decodeReleaseManifest, releaseAad, releaseFileNames } from '@handrail/core/dataset';
import { HandrailError } from '@handrail/core/errors';
import { openBulk } from '@handrail/core/open';
import { sha256Hex } from './digest.ts';
import { releaseFiles } from './release-files.ts';
import type { RebuildResult, RebuildTask } from './task.ts';

/** Throws `state.conflict` when the inputs are not those of the manifest. */
export async function rebuild(task: RebuildTask): Promise<RebuildResult> {
  const { bytes, contentKey } = task.manifest;
  const aad = releaseAad(task.release, releaseFileNames.manifest);
  const opened = await openBulk(contentKey, aad, bytes);
  const published = decodeReleaseManifest(opened);
  const wanted = new Map(published.inputs.map((input) => [input.trajectory, input.digest]));
  const same =
    task.inputs.length === wanted.size &&
    task.inputs.every(({ id, bytes }) => wanted.get(id) === sha256Hex(bytes));
  if (!same) {
    throw new HandrailError('state.conflict', 'Give exactly the inputs that the manifest names.');
  }
  const { recipe, purpose, k, supersedes } = published;
  const built = await releaseFiles({ ...task, recipe, purpose, k, supersedes });
  const digests = new Map(published.files.map((file) => [file.name, file.sha256]));
  digests.set(releaseFileNames.manifest, sha256Hex(opened));
  const again = new Map<string, string>();
  if (built.kind === 'files') {
    for (const file of built.files) again.set(file.name, sha256Hex(file.bytes));
  }
  const names = [...new Set([...digests.keys(), ...again.keys()])].sort();
  const differing = names.filter((name) => digests.get(name) !== again.get(name));
  const manifestDigest = again.get(releaseFileNames.manifest) ?? '';
  return { kind: 'rebuild', same: differing.length === 0, differing, manifestDigest };
}
