// How far each session has been refined, so that no segment goes through twice. One line a job in a
// private file, flushed to disk; lines older than the sealed data itself are dropped at start.
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fromUtf8, utf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { z } from 'zod';
import { readPrivate, replacePrivate } from './private-file.ts';

const lineSchema = z.tuple([z.iso.date(), z.string(), z.int().min(0)]);
type Line = z.infer<typeof lineSchema>;

const fileMode = 0o600;

export interface RefinedSessions {
  /** Last refined sequence of a session; -1 for none. */
  refinedTo(session: string): number;
  /** Durable when it returns. `day` is the UTC day of the last segment. */
  mark(session: string, sequence: number, day: string): Promise<void>;
}

/** `sinceDay`: segments from before this UTC day have no keys any more. Throws `storage.broken`. */
export async function openRefinedSessions(
  folder: string,
  sinceDay: string,
): Promise<RefinedSessions> {
  const path = join(folder, 'refined-sessions');
  const lines = linesOf((await readPrivate(path)) ?? new Uint8Array(), path);
  const kept = lines.filter(([day]) => day >= sinceDay);
  await replacePrivate(path, utf8(kept.map((line) => `${JSON.stringify(line)}\n`).join('')));
  const sequences = new Map<string, number>();
  for (const [, session, sequence] of kept) raise(sequences, session, sequence);
  return {
    refinedTo: (session) => sequences.get(session) ?? -1,
    mark: async (session, sequence, day) => {
      raise(sequences, session, sequence);
      await append(path, [day, session, sequence]);
    },
  };
}

function raise(sequences: Map<string, number>, session: string, sequence: number): void {
  sequences.set(session, Math.max(sequence, sequences.get(session) ?? -1));
}

async function append(path: string, line: Line): Promise<void> {
  const file = await open(path, 'a', fileMode);
  try {
    await file.writeFile(`${JSON.stringify(line)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A last line that was cut off while it was written is left out: its job was not reported. */
function linesOf(bytes: Uint8Array, path: string): readonly Line[] {
  try {
    return fromUtf8(bytes)
      .split('\n')
      .slice(0, -1)
      .map((line) => lineSchema.parse(JSON.parse(line)));
  } catch (cause) {
    throw new HandrailError('storage.broken', `${path} is damaged.`, { cause });
  }
}
