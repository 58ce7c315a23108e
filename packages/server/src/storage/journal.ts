// What must outlive a power cut although PGlite never syncs: every record is on disk before it is
// applied to the database, and those that the database then lacks are applied again at start-up.
import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HandrailError } from '@handrail/core/errors';
import { storageError, syncFolder } from './durable-file.ts';

export interface JournalRecord {
  /** Counts from 1. */
  readonly sequence: number;
  readonly value: unknown;
}

/** Appends are one at a time: the caller orders them. */
export interface Journal extends AsyncDisposable {
  /** Durable when it returns; gives its sequence. Throws `storage.full`, `storage.broken`. */
  append(value: unknown): Promise<number>;
  /** Records after number `sequence`, in order. */
  after(sequence: number): Promise<readonly JournalRecord[]>;
}

/** For databases that are durable by themselves. */
export const noJournal: Journal = {
  append: async () => 0,
  after: async () => [],
  [Symbol.asyncDispose]: async () => {},
};

export class FileJournal implements Journal {
  readonly #path: string;
  readonly #file: FileHandle;
  #sequence: number;
  #bytes: number;

  private constructor(path: string, file: FileHandle, sequence: number, bytes: number) {
    this.#path = path;
    this.#file = file;
    this.#sequence = sequence;
    this.#bytes = bytes;
  }

  /** Opens the journal in `folder`; a record whose writing was cut off was never acknowledged. */
  static async open(folder: string): Promise<FileJournal> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, 'records');
    const file = await open(path, 'a', 0o600);
    await syncFolder(folder);
    await syncFolder(dirname(folder));
    const { records, bytes } = parse(await readFile(path));
    await file.truncate(bytes);
    return new FileJournal(path, file, records.at(-1)?.sequence ?? 0, bytes);
  }

  async append(value: unknown): Promise<number> {
    const sequence = this.#sequence + 1;
    const line = Buffer.from(`${JSON.stringify({ sequence, value })}\n`);
    try {
      await this.#file.appendFile(line);
      await this.#file.datasync();
    } catch (error) {
      // Half a line would hide every later one.
      await this.#file.truncate(this.#bytes).catch(() => undefined);
      throw storageError(error);
    }
    this.#sequence = sequence;
    this.#bytes += line.length;
    return sequence;
  }

  async after(sequence: number): Promise<readonly JournalRecord[]> {
    const { records } = parse(await readFile(this.#path));
    return records.filter((record) => record.sequence > sequence);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}

function parse(bytes: Buffer): { readonly records: readonly JournalRecord[]; bytes: number } {
  const end = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  const records = lines.map((line, at) => {
    const record = read(line);
    if (record?.sequence === at + 1) return record;
    throw new HandrailError('storage.broken', `The journal is damaged at record ${at + 1}.`);
  });
  return { records, bytes: end };
}

function read(line: string): JournalRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isRecord = typeof value === 'object' && value !== null && 'sequence' in value;
    if (!isRecord || typeof value.sequence !== 'number' || !('value' in value)) return undefined;
    return { sequence: value.sequence, value: value.value };
  } catch {
    return undefined;
  }
}
