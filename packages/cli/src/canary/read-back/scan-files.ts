// Reads every byte of every file under some folders, and every row of the databases among them, and
// looks for the values in whatever form they lie there.
import type { Dirent } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ByteSearch } from './byte-search.ts';
import { databaseContents } from './database-contents.ts';
import { everyForm } from './every-form.ts';
import { parquetPieces } from './parquet-columns.ts';
import { joined } from './pieces.ts';

const chunkBytes = 32 * 1024 * 1024;
/** Longer than any pattern of one value. */
const overlapBytes = 64 * 1024;
const parquetBytesMax = 1024 * 1024 * 1024;
/** Stands in the folder of a PostgreSQL or PGlite database. */
const databaseMark = 'PG_VERSION';

export interface FileFindings {
  /** Numbers of the values, with a place that each was found in. */
  readonly found: ReadonlyMap<number, string>;
  readonly files: number;
  readonly bytes: number;
  readonly rows: number;
}

/** Nothing may write there meanwhile. */
export async function scanFolders(
  folders: readonly string[],
  values: readonly string[],
): Promise<FileFindings> {
  const search = new ByteSearch(values);
  const found = new Map<number, string>();
  const count = { files: 0, bytes: 0, rows: 0 };
  const look = (bytes: Buffer, place: string) => {
    for (const value of search.in(bytes)) if (!found.has(value)) found.set(value, place);
  };
  for (const folder of folders) {
    for await (const file of filesIn(folder)) {
      count.files += 1;
      look(Buffer.from(file, 'utf8'), `the name of ${file}`);
      for await (const chunk of chunksOf(file)) {
        count.bytes += chunk.length;
        for (const form of everyForm(chunk)) look(form, file);
      }
      for (const bytes of await parquetColumns(file)) look(bytes, file);
      if (!file.endsWith(`/${databaseMark}`) || file.includes('/base/')) continue;
      for await (const { place, bytes } of databaseContents(dirname(file))) {
        count.rows += 1;
        for (const form of everyForm(bytes)) look(form, place);
      }
    }
  }
  return { found, ...count };
}

export async function* filesIn(folder: string): AsyncGenerator<string> {
  const entries: Dirent[] = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (entry.isFile()) yield path;
  }
}

async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return;
  await using _ = file;
  const { size } = await file.stat();
  for (let at = 0; at < size; at += chunkBytes - overlapBytes) {
    const length = Math.min(chunkBytes, size - at);
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, at);
    yield buffer.subarray(0, bytesRead);
  }
}

async function parquetColumns(file: string): Promise<readonly Buffer[]> {
  if (!file.endsWith('.parquet') || (await stat(file)).size > parquetBytesMax) return [];
  return [...joined(await parquetPieces(await readFile(file)))];
}
