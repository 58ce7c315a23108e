// The entries of a small exported ledger: its one entry bundle, as C2SP tlog-tiles lays it out.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Entries of a ledger of fewer than 256. */
export async function readBundle(folder: string): Promise<Uint8Array[]> {
  const parts = join(folder, 'tile', 'entries', '000.p');
  const [widest] = (await readdir(parts)).sort((a, b) => Number(b) - Number(a));
  const bytes = await readFile(join(parts, widest ?? ''));
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt16BE(at);
    entries.push(new Uint8Array(bytes.subarray(at + 2, at + 2 + length)));
    at += 2 + length;
  }
  return entries;
}
