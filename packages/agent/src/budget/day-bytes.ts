// How many sealed bytes were recorded today (UTC), also over restarts of the agent.
import { fromUtf8 } from '@handrail/core/bytes';
import { z } from 'zod';
import { readFileIfAny, writeFileDurably } from '../home/files.ts';

const daySchema = z.strictObject({ day: z.iso.date(), bytes: z.int().min(0) });
type Day = z.infer<typeof daySchema>;

export class DayBytes {
  readonly #path: string;
  #day: Day;
  /** Of the spool's own count, how much is in `#day` already. */
  #counted: number;

  private constructor(path: string, day: Day, counted: number) {
    this.#path = path;
    this.#day = day;
    this.#counted = counted;
  }

  /** `added` is how many bytes this process has put into the spool so far. */
  static async open(path: string, added: number, nowMs: number): Promise<DayBytes> {
    const bytes = await readFileIfAny(path);
    const kept = bytes && daySchema.safeParse(parsed(bytes)).data;
    return new DayBytes(path, kept ?? { day: dayOf(nowMs), bytes: 0 }, added);
  }

  async count(added: number, nowMs: number): Promise<number> {
    const day = dayOf(nowMs);
    const more = added - this.#counted;
    // A clock that was set back begins no new day.
    const isNew = day > this.#day.day;
    if (!isNew && more === 0) return this.#day.bytes;
    this.#day = isNew ? { day, bytes: more } : { ...this.#day, bytes: this.#day.bytes + more };
    this.#counted = added;
    await writeFileDurably(this.#path, JSON.stringify(this.#day)).catch(() => undefined);
    return this.#day.bytes;
  }
}

function dayOf(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 10);
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(bytes));
  } catch {
    return undefined;
  }
}
