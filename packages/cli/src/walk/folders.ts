// Where everything of one run lies: what Handrail writes, which is scanned, apart from what the
// recorded applications write, which is theirs.
import { mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { HandrailError } from '@handrail/core/errors';

export interface WalkFolders {
  readonly root: string;
  readonly organisation: string;
  readonly participant: string;
  /** Sealed exports, and the copied ledger. */
  readonly exports: string;
  readonly ledger: string;
  /** What owner and grantee opened for themselves: plain. */
  readonly opened: string;
  /** What only the participant can look at, opened by them: plain, and not masked. */
  readonly quarantine: string;
  /** What Handrail's processes said. */
  readonly said: string;
  readonly temporary: string;
  /** Files that the walk hands to commands. */
  readonly given: string;
  readonly saved: string;
  readonly display: string;
  /** What a replay sees of everything: the opened export, and what its applications write. */
  readonly replay: string;
}

/** Throws `usage.invalid` when something lies in `keep` already. */
export async function makeFolders(keep: string | undefined): Promise<WalkFolders> {
  const made = keep === undefined ? await mkdtemp(join(tmpdir(), 'handrail-walk-')) : resolve(keep);
  await mkdir(made, { recursive: true, mode: 0o700 });
  if ((await readdir(made)).length > 0) {
    throw new HandrailError('usage.invalid', `${made} is not empty: name another folder to keep.`);
  }
  const root = await realpath(made);
  const at = (...names: string[]) => join(root, ...names);
  const folders = {
    root,
    organisation: at('organisation'),
    participant: at('participant'),
    exports: at('exports'),
    ledger: at('exports', 'ledger'),
    opened: at('opened'),
    quarantine: at('quarantine'),
    said: at('said'),
    temporary: at('temporary'),
    given: at('given'),
    saved: at('applications', 'saved'),
    display: at('applications', 'display'),
    replay: at('replay'),
  };
  for (const name of [
    'exports',
    'opened',
    'quarantine',
    'said',
    'temporary',
    'given',
    'saved',
  ] as const) {
    await mkdir(folders[name], { recursive: true, mode: 0o700 });
  }
  return folders;
}

/** All places where Handrail wrote, but for the replay's and what waits in quarantine. */
export function writtenFolders(folders: WalkFolders): readonly string[] {
  const { organisation, participant, exports, opened, said, temporary, given } = folders;
  const beside = ['', '-people', '-vault'].map((end) => `${organisation}${end}`);
  return [...beside, participant, exports, opened, said, temporary, given];
}

export function applicationFolders({ saved, display }: WalkFolders): readonly string[] {
  return [saved, display];
}

export async function removeFolders({ root }: WalkFolders): Promise<void> {
  await rm(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}
