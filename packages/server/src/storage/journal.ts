// What must outlive a power cut although PGlite never syncs: every record is on disk before it is
// applied to the database, and those that the database then lacks are applied again at start-up.
import { type FileHandle, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HandrailError } from '@handrail/core/errors';
import { replaceFile, storageError, syncFolder } from './durable-file.ts';

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
  /** Bytes on disk. */
  readonly bytes: number;
  /** Puts in the place of all records those that `keep` gives, in order, with their numbers. */
  rewrite(keep: (records: readonly JournalRecord[]) => readonly JournalRecord[]): Promise<void>;
}

/** For databases that are durable by themselves. */
export const noJournal: Journal = {
  append: async () => 0,
  after: async () => [],
  bytes: 0,
  rewrite: async () => {},
  [Symbol.asyncDispose]: async () => {},
};

const asideName = '.aside';

export class FileJournal implements Journal {
  readonly #path: string;
  #file: FileHandle;
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
    const aside = join(folder, asideName);
    await rm(aside, { recursive: true, force: true });
    await mkdir(aside, { recursive: true, mode: 0o700 });
    const path = join(folder, 'records');
    const file = await open(path, 'a', 0o600);
    await syncFolder(folder);
    await syncFolder(dirname(folder));
    const { last, bytes } = parse(await readFile(path));
    await file.truncate(bytes);
    return new FileJournal(path, file, last, bytes);
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

  get bytes(): number {
    return this.#bytes;
  }

  async rewrite(
    keep: (records: readonly JournalRecord[]) => readonly JournalRecord[],
  ): Promise<void> {
    const { records } = parse(await readFile(this.#path));
    const lines: object[] = [{ rewrittenTo: this.#sequence }, ...keep(records)];
    const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const folder = dirname(this.#path);
    try {
      await replaceFile(join(folder, asideName), this.#path, bytes);
      await syncFolder(folder);
    } catch (error) {
      throw storageError(error);
    }
    await this.#file.close();
    this.#file = await open(this.#path, 'a', 0o600);
    this.#bytes = bytes.length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}

/** The number of the last record of a journal's file. Throws `storage.broken`. */
export function lastSequenceIn(file: Buffer): number {
  return parse(file).last;
}

/** Up to where it was rewritten numbers only rise; from there on none is missing. */
function parse(bytes: Buffer) {
  const end = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  const rewrittenTo = headOf(lines[0]);
  const records: JournalRecord[] = [];
  let last = 0;
  for (const line of rewrittenTo === undefined ? lines : lines.slice(1)) {
    const record = read(line);
    const follows =
      record !== undefined &&
      record.sequence > last &&
      (record.sequence <= (rewrittenTo ?? 0) ||
        record.sequence === Math.max(last, rewrittenTo ?? 0) + 1);
    if (!follows) {
      throw new HandrailError('storage.broken', `The journal is damaged after record ${last}.`);
    }
    records.push(record);
    last = record.sequence;
  }
  return { records, last: Math.max(last, rewrittenTo ?? 0), bytes: end };
}

function headOf(line: string | undefined): number | undefined {
  const [, sequence] = /^\{"rewrittenTo":(\d+)\}$/.exec(line ?? '') ?? [];
  return sequence === undefined ? undefined : Number(sequence);
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
