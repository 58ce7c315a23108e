// Reads every byte of every file under some folders and looks for the values in it, in whatever
// encoding and under whatever compression.
import type { Dirent } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ByteSearch } from './byte-search.ts';
import { unpacked } from './unpack.ts';

const chunkBytes = 32 * 1024 * 1024;
/** Longer than any pattern of one value. */
const overlapBytes = 64 * 1024;

export interface FileFindings {
  /** Numbers of the values, with a file that each was found in. */
  readonly found: ReadonlyMap<number, string>;
  readonly files: number;
  readonly bytes: number;
}

export async function scanFolders(
  folders: readonly string[],
  values: readonly string[],
): Promise<FileFindings> {
  const search = new ByteSearch(values);
  const found = new Map<number, string>();
  let files = 0;
  let bytes = 0;
  for (const folder of folders) {
    for await (const file of filesIn(folder)) {
      files += 1;
      for (const value of search.in(Buffer.from(file, 'utf8'))) found.set(value, file);
      for await (const chunk of chunksOf(file)) {
        bytes += chunk.length;
        for (const content of [chunk, ...unpacked(chunk)]) {
          for (const value of search.in(content)) found.set(value, file);
        }
      }
    }
  }
  return { found, files, bytes };
}

async function* filesIn(folder: string): AsyncGenerator<string> {
  const entries: Dirent[] = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (entry.isFile()) yield path;
  }
}

async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  // Files of a running organisation come and go.
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return;
  await using _ = file;
  for (let at = 0; ; at += chunkBytes - overlapBytes) {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    const { bytesRead } = await file.read(buffer, 0, chunkBytes, at);
    if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
    if (bytesRead < chunkBytes) return;
  }
}
