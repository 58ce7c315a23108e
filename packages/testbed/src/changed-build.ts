// A copy of the checkout in which some functions do something else: to see that what guards against
// them does its work. It exists for tests only: no switch of the product does this.
import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { HandrailError } from '@handrail/core/errors';

/** A place of the code, and what stands there instead. One that is not found is an error. */
export interface Change {
  /** Completes "what ...". */
  readonly what: string;
  /** Under `packages`. */
  readonly file: string;
  /** The end of a function's head, up to its opening brace. */
  readonly head: RegExp;
  /** What the function then does first. */
  readonly body: string;
}

const run = promisify(execFile);
const checkout = fileURLToPath(new URL('../../..', import.meta.url));
const zones = ['core', 'policy', 'agent', 'server', 'vault', 'cli'];

/** Makes the copy in `folder`; gives the path of its launcher. */
export async function changedBuild(folder: string, changes: readonly Change[]): Promise<string> {
  await mkdir(join(folder, 'packages'), { recursive: true });
  await run('cp', ['-a', join(checkout, 'package.json'), folder]);
  for (const zone of zones) {
    await run('cp', ['-a', join(checkout, 'packages', zone), join(folder, 'packages')]);
  }
  await linkModules(folder);
  for (const change of changes) await apply(join(folder, 'packages', change.file), change);
  return join(folder, 'packages', 'cli', 'bin', 'handrail.js');
}

/** The same modules by hard links, but for our own, which are those of the copy. */
async function linkModules(folder: string): Promise<void> {
  const from = join(checkout, 'node_modules');
  const copy = (how: string) => run('cp', [how, from, folder]);
  await copy('-al').catch(() => copy('-a'));
  const ours = join(folder, 'node_modules', '@handrail');
  await run('rm', ['-rf', ours]);
  await mkdir(ours);
  for (const zone of zones) await symlink(join(folder, 'packages', zone), join(ours, zone));
}

async function apply(path: string, { what, head, body }: Change): Promise<void> {
  const source = await readFile(path, 'utf8');
  if (!head.test(source)) {
    throw new HandrailError('internal', `What ${what} has moved: change it here too.`);
  }
  await writeFile(
    path,
    source.replace(head, (found) => `${found}\n    ${body}`),
  );
}
