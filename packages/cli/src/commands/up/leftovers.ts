// Children that an `up` left behind when it was killed: they are noted with when they started, so
// that the next one ends them and nobody else.
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { readFileIfAny, writeFileDurably } from '@handrail/agent/home/files';
import { fromUtf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { z } from 'zod';

const stopMsMax = 15_000;
const askEveryMs = 50;

const noteSchema = z.record(
  z.string(),
  z.strictObject({ pid: z.int().min(2), startedAtTicks: z.string() }),
);
type Notes = z.infer<typeof noteSchema>;

/** Remembers who was started; one entry per part. */
export function childNotes(path: string) {
  const notes: Notes = {};
  return async (name: string, pid: number): Promise<void> => {
    notes[name] = { pid, startedAtTicks: (await startedAt(pid)) ?? '' };
    await writeFileDurably(path, JSON.stringify(notes));
  };
}

/** Ends those that are still there. Throws `data.locked` when one does not end. */
export async function endLeftovers(path: string): Promise<void> {
  for (const { pid, startedAtTicks } of Object.values(await readNotes(path))) {
    const isOurs = async () => startedAtTicks !== '' && (await startedAt(pid)) === startedAtTicks;
    if (!(await isOurs())) continue;
    process.kill(pid, 'SIGTERM');
    for (let waitedMs = 0; await isOurs(); waitedMs += askEveryMs) {
      if (waitedMs > stopMsMax) {
        throw new HandrailError('data.locked', `Stop process ${pid}: it still uses this data.`);
      }
      await delay(askEveryMs);
    }
  }
}

async function readNotes(path: string): Promise<Notes> {
  const bytes = await readFileIfAny(path);
  if (bytes === undefined) return {};
  try {
    return noteSchema.parse(JSON.parse(fromUtf8(bytes)));
  } catch {
    return {};
  }
}

/** Clock ticks after boot at which a process started; undefined when it has ended. */
async function startedAt(pid: number): Promise<string | undefined> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The command in brackets may hold spaces; state and start time are fields 1 and 20 after it.
  const fields = status?.slice(status.lastIndexOf(')') + 2).split(' ');
  return fields === undefined || fields[0] === 'Z' ? undefined : fields[19];
}
