// `ledger export`: the record as static files, verified on the way, so that anybody can check it
// without the server.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { HandrailError } from '@handrail/core/errors';
import {
  checkpointPath,
  formatPolicy,
  type LedgerReader,
  tilePath,
  tilesOf,
  verifierLine,
  verifyCheckpoint,
  verifyLog,
} from '@handrail/core/ledger';
import { folderReader } from '../../home/ledger.ts';
import type { Session } from '../../session.ts';
import type { LedgerOptions } from './command.ts';
import { ledgerSource } from './source.ts';

export async function run(
  { home, out }: Session,
  options: LedgerOptions,
  dir = '',
): Promise<number> {
  const folder = resolve(dir);
  const { reader, keys } = await ledgerSource(home, options.url);
  const checkpoint = await reader.readTile(checkpointPath);
  const { log, witnesses, quorum } = keys;
  const verdict = checkpoint && (await verifyCheckpoint(checkpoint, log, witnesses, quorum));
  if (checkpoint === undefined || verdict?.kind !== 'verified') {
    throw new HandrailError('ledger.unverified', 'The server shows no checkpoint that verifies.');
  }
  const { size } = verdict.checkpoint;
  await out.during('Copying the ledger', copyTiles(reader, size, folder));
  await write(folder, checkpointPath, checkpoint);
  await write(folder, 'verifier-key', `${verifierLine(log)}\n`);
  await write(folder, 'policy', formatPolicy(keys));
  const report = await verifyLog(folderReader(folder), log, keys);
  const ok = report.problems.length === 0;
  out.print({ ok, dir: folder, size }, [
    ok ? `${folder}: ${size} entries, verified.` : `${folder}: the copy does not verify.`,
  ]);
  return ok ? 0 : 1;
}

async function copyTiles(reader: LedgerReader, size: number, folder: string): Promise<void> {
  for (const tile of tilesOf(size)) {
    const path = tilePath(tile);
    const bytes = (await reader.readTile(path)) ?? (await partOfFull(reader, tile));
    await write(folder, path, bytes);
  }
}

// While we copy, a partial tile may have become a full one, of which it is the beginning. Bundles
// have entries of any length, so their part cannot be cut by width here: the copy is asked again.
async function partOfFull(
  reader: LedgerReader,
  tile: Parameters<typeof tilePath>[0],
): Promise<Uint8Array> {
  const full = await reader.readTile(tilePath({ ...tile, width: 256 }));
  if (full !== undefined && tile.level !== 'entries') return full.slice(0, tile.width * 32);
  throw new HandrailError('state.conflict', 'The ledger grew while it was copied: try again.');
}

async function write(folder: string, path: string, bytes: Uint8Array | string): Promise<void> {
  const whole = join(folder, path);
  await mkdir(dirname(whole), { recursive: true });
  await writeFile(whole, bytes);
}
