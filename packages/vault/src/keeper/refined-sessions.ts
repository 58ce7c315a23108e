// Which segments of each session have been refined, so that none goes through twice, in whatever
// order jobs come. A line a job in a private file, flushed to disk; old lines are dropped at start.
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fromUtf8, utf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { z } from 'zod';
import { readPrivate, replacePrivate } from './folder/private-file.ts';

const place = z.int().min(0);
/** UTC day of the last segment, session, and sequences as ranges, both ends included. */
const lineSchema = z.tuple([z.iso.date(), z.string(), z.array(z.tuple([place, place]))]);
type Line = z.infer<typeof lineSchema>;
type Range = readonly [number, number];

const fileMode = 0o600;

export interface RefinedSessions {
  has(session: string, sequence: number): boolean;
  /** Durable when it returns. `day` is the UTC day of the last segment. */
  mark(session: string, sequences: readonly number[], day: string): Promise<void>;
}

/** The places of a session whose segments went into quarantine, and those released from it. */
export function quarantinedOf(session: string): string {
  return `${session} quarantined`;
}
export function releasedOf(session: string): string {
  return `${session} released`;
}
/** Those that were not what they claimed to be. */
export function rejectedOf(session: string): string {
  return `${session} rejected`;
}

/** Whether this vault has looked at what stands at this place, and let it go on. */
export function hasPassed(
  sessions: Pick<RefinedSessions, 'has'>,
  session: string,
  sequence: number,
): 'yes' | 'no' | 'in-quarantine' {
  if (sessions.has(rejectedOf(session), sequence)) return 'no';
  if (sessions.has(releasedOf(session), sequence)) return 'yes';
  if (sessions.has(quarantinedOf(session), sequence)) return 'in-quarantine';
  return sessions.has(session, sequence) ? 'yes' : 'no';
}

/** `sinceDay`: segments from before this UTC day have no keys any more. Throws `storage.broken`. */
export async function openRefinedSessions(
  folder: string,
  sinceDay: string,
): Promise<RefinedSessions> {
  const path = join(folder, 'refined-sessions');
  const lines = linesOf((await readPrivate(path)) ?? new Uint8Array(), path);
  const sessions = new Map<string, Line>();
  for (const line of lines) add(sessions, line);
  const kept = [...sessions.values()].filter(([day]) => day >= sinceDay);
  await replacePrivate(path, utf8(kept.map((line) => `${JSON.stringify(line)}\n`).join('')));
  return {
    has: (session, sequence) => {
      const ranges = sessions.get(session)?.[2] ?? [];
      return ranges.some(([from, to]) => from <= sequence && sequence <= to);
    },
    mark: async (session, sequences, day) => {
      const ranges = merged(sequences.map((sequence): Range => [sequence, sequence]));
      const line: Line = [day, session, ranges];
      add(sessions, line);
      await append(path, line);
    },
  };
}

function add(sessions: Map<string, Line>, [day, session, ranges]: Line): void {
  const [knownDay, , known] = sessions.get(session) ?? [day, session, []];
  const newest = knownDay > day ? knownDay : day;
  sessions.set(session, [newest, session, merged([...known, ...ranges])]);
}

/** In order, and as few as they can be. */
function merged(ranges: readonly Range[]): [number, number][] {
  const together: [number, number][] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = together.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else together.push([from, to]);
  }
  return together;
}

async function append(path: string, line: Line): Promise<void> {
  const file = await open(path, 'a', fileMode);
  const { size } = await file.stat();
  try {
    await file.writeFile(`${JSON.stringify(line)}\n`);
    await file.sync();
  } catch (error) {
    // Half a line, left by a full disk, would spoil the next one.
    await file.truncate(size).catch(() => undefined);
    throw error;
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
