// Copies an organisation that stands still; of one that runs only the record, whose files are only
// ever added to.
import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HandrailError } from '@handrail/core/errors';
import { copyTree, type Sums, type Take } from './copy-tree.ts';
import {
  content,
  journalOf,
  ledgerOf,
  type Places,
  placesIn,
  statementsOf,
  vaultState,
} from './places.ts';
import { writeSums } from './sums.ts';

/** Everything but the vault's own keys, into a new folder. Gives how many files. */
export function backUp(places: Places, out: string): Promise<number> {
  const { server, programme, vault } = placesIn(out);
  return copyAll(out, [
    [places.server, server, content],
    [places.programme, programme, content],
    [places.vault, vault, vaultState],
  ]);
}

/**
 * What people and persons have stated, and the key tree's nodes. The checkpoint goes first and the
 * statements last: whatever it covers is among what is copied after it.
 */
export function backUpRecord(places: Places, out: string): Promise<number> {
  const copy = placesIn(out);
  const isCheckpoint: Take = (path) => path === 'checkpoint';
  return copyAll(out, [
    [ledgerOf(places), ledgerOf(copy), isCheckpoint],
    [ledgerOf(places), ledgerOf(copy), (path) => path.startsWith('tile/')],
    [journalOf(places), journalOf(copy), content],
    [statementsOf(places), statementsOf(copy), content],
  ]);
}

async function copyAll(
  out: string,
  parts: readonly (readonly [from: string, to: string, take: Take])[],
): Promise<number> {
  await mkdir(dirname(out), { recursive: true });
  await mkdir(out, { recursive: true, mode: 0o700 });
  if ((await readdir(out)).length > 0) {
    throw new HandrailError('usage.invalid', `${out} is not empty: name a new folder.`);
  }
  const sums: Sums = new Map();
  for (const [from, to, take] of parts) {
    for (const [path, sum] of await copyTree(from, to, take)) {
      sums.set(join(to, path).slice(out.length + 1), sum);
    }
  }
  if (sums.size === 0) throw new HandrailError('usage.invalid', 'There is nothing to copy here.');
  await writeSums(out, sums);
  return sums.size;
}
