// What a witness must never forget: the last checkpoint it cosigned for each log. It is on disk
// before the cosignature leaves, and one process at a time holds it.
import { utf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { type Checkpoint, parseCheckpoint, parseNote } from '@handrail/core/ledger';
import { z } from 'zod';
import { readPrivate, replacePrivate } from './durable-file.ts';
import { takeLock } from './process-lock.ts';

const logsMax = 1_000;

const stored = z.strictObject({
  version: z.literal(1),
  /** Cosigned checkpoints by origin, as signed notes. */
  checkpoints: z.record(z.string(), z.string()),
});

/** The last cosigned checkpoints; a thing with a lifetime, for it holds a lock. */
export class WitnessState implements AsyncDisposable {
  readonly #path: string;
  readonly #unlock: () => Promise<void>;
  #notes: ReadonlyMap<string, string>;

  private constructor(
    path: string,
    unlock: () => Promise<void>,
    notes: ReadonlyMap<string, string>,
  ) {
    this.#path = path;
    this.#unlock = unlock;
    this.#notes = notes;
  }

  /** Throws `data.locked` while another process holds it, `storage.broken` if it is unreadable. */
  static async open(path: string): Promise<WitnessState> {
    const unlock = await takeLock(`${path}.lock`);
    try {
      return new WitnessState(path, unlock, await load(path));
    } catch (error) {
      await unlock();
      throw error;
    }
  }

  /** The last cosigned note of a log. */
  noteOf(origin: string): Uint8Array | undefined {
    const note = this.#notes.get(origin);
    return note === undefined ? undefined : utf8(note);
  }

  headOf(origin: string): Checkpoint | undefined {
    const note = this.noteOf(origin);
    return note && readCheckpoint(note);
  }

  origins(): readonly string[] {
    return [...this.#notes.keys()];
  }

  /** Durable when it returns. */
  async keep(origin: string, note: string): Promise<void> {
    const notes = new Map(this.#notes).set(origin, note);
    if (notes.size > logsMax) {
      throw new HandrailError('storage.full', `A witness keeps at most ${logsMax} logs.`);
    }
    const text = JSON.stringify({ version: 1, checkpoints: Object.fromEntries(notes) });
    await replacePrivate(this.#path, `${text}\n`);
    this.#notes = notes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#unlock();
  }
}

async function load(path: string): Promise<ReadonlyMap<string, string>> {
  const text = await readPrivate(path);
  if (text === undefined) return new Map();
  const notes = new Map(Object.entries(parse(text, path)));
  for (const [origin, note] of notes) {
    if (readCheckpoint(utf8(note))?.origin !== origin) throw broken(path);
  }
  return notes;
}

// A witness that started afresh from a damaged file would cosign a fork: it must not start.
function parse(text: string, path: string): Record<string, string> {
  try {
    return stored.parse(JSON.parse(text)).checkpoints;
  } catch (cause) {
    throw broken(path, cause);
  }
}

function broken(path: string, cause?: unknown): HandrailError {
  const message = `${path} is damaged: retire this witness key, or restore the newest state.`;
  return new HandrailError('storage.broken', message, { cause });
}

function readCheckpoint(bytes: Uint8Array): Checkpoint | undefined {
  const note = parseNote(bytes);
  return note && parseCheckpoint(note.text);
}
