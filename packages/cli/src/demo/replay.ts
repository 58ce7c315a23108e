// Replay: a fresh display, a process that sees the export and not the data, and the same file at
// the end. Without one of the actions it is another file.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Desk, savedBytes, startDesk } from '../desk/desk.ts';
import { startProcess } from '../stage/processes.ts';
import { CommandLine } from '../walk/command-line.ts';
import { writtenFolders } from '../walk/folders.ts';
import { held, type Walk } from '../walk/walk.ts';

const lineSchema = z.looseObject({
  task_id: z.string(),
  instruction: z.string(),
  handrail: z.looseObject({ actions: z.array(z.looseObject({ kind: z.string() })) }),
});
type Line = z.infer<typeof lineSchema>;

export interface ReplayOrder {
  /** The opened AgentNet export. */
  readonly export: string;
  readonly instruction: string;
  /** Which of the desk's files the task saved. */
  readonly file: 'formFile' | 'noteFile';
  readonly original: Buffer;
}

export async function checkReplay(walk: Walk, order: ReplayOrder): Promise<void> {
  const lines = (await readFile(order.export, 'utf8')).split('\n').filter(Boolean);
  const wanted = lines
    .map((text) => lineSchema.parse(JSON.parse(text)))
    .find(({ instruction }) => instruction === order.instruction);
  if (wanted === undefined) {
    walk.report.check('a replay saves the same file', false, 'the task is not in the export');
    return;
  }
  const [whole, part] = await Promise.all([
    replay(walk, order, 'whole', wanted),
    replay(walk, order, 'part', withoutOne(wanted)),
  ]);
  const same = whole?.equals(order.original) === true;
  const count = wanted.handrail.actions.length;
  walk.report.check('a replay saves the same file', same, `${count} actions, byte for byte`);
  const differs = part?.equals(order.original) !== true;
  walk.report.check(
    'one action less does not',
    differs,
    differs ? 'another file' : 'the same file',
  );
}

/** The line without its first typed run. */
function withoutOne(line: Line): Line {
  const { actions } = line.handrail;
  const at = actions.findIndex(({ kind }) => kind === 'type');
  return { ...line, handrail: { ...line.handrail, actions: actions.filter((_, i) => i !== at) } };
}

async function replay(walk: Walk, order: ReplayOrder, name: string, line: Line) {
  const folder = join(walk.folders.replay, name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'export.jsonl');
  if (name === 'whole') await copyFile(order.export, file);
  else await writeFile(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  const places = { displayFolder: join(folder, 'display'), savedFolder: join(folder, 'saved') };
  const desk = await held(walk.stack, startDesk({ ...places, side: false }));
  await apart(walk, desk, folder, file, line.task_id);
  return settledBytes(desk[order.file]);
}

// Run under the shell of a mount namespace of its own, in which the folders are empty.
const hidden = `
while [ "$1" != -- ]; do mount -t tmpfs none "$1" || exit 90; [ -z "$(ls -A "$1")" ] || exit 91
shift; done; shift; exec "$@"`;

async function apart(walk: Walk, desk: Desk, folder: string, file: string, row: string) {
  const folders = writtenFolders(walk.folders);
  const words = CommandLine.words([
    'replay',
    file,
    '--row',
    row,
    '--display',
    desk.display.display,
  ]);
  const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const args = [...asRoot, '--mount', '--propagation', 'private', 'sh', '-c', hidden, 'sh'];
  const env = { PATH: walk.line.environment().PATH ?? '', HOME: folder, LANG: 'C.UTF-8' };
  const options = { env, cwd: folder };
  const all = [...args, ...folders, '--', ...words];
  const running = await held(walk.stack, startProcess('unshare', all, options));
  await running.ended;
  if (running.child.exitCode !== 0) {
    const code = String(running.child.exitCode);
    walk.report.check('the replay ran apart from the data', false, `exit status ${code}`);
  }
}

/** The saved file once it has stopped to change; the last action may still be under way. */
async function settledBytes(file: string): Promise<Buffer | undefined> {
  let before = await savedBytes(file);
  for (let still = 0; still < 3; ) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    const now = await savedBytes(file);
    still = now !== undefined && before?.equals(now) === true ? still + 1 : still + (now ? 0 : 0.3);
    before = now;
  }
  return before;
}
