// The signed list of releases as a holder gets it: from the server, where it must be the newest
// that the ledger knows of, or from a file, for checking without a line.
import { createHash } from 'node:crypto';
import { HandrailError } from '@handrail/core/errors';
import {
  type Charter,
  type ReleaseList,
  readReleaseList,
  readTombstone,
  releaseListBytesMax,
  type Tombstone,
} from '@handrail/core/statement';
import { type ClientContext, call, publicRoutes } from '@handrail/core/wire';
import { readInputFile } from './input-file.ts';
import { digestsOf } from './ledger.ts';

/** Throws `signature.invalid` unless the vault of `vaultKey` signed it. */
export async function listInFile(path: string, vaultKey: string): Promise<ReleaseList> {
  return signedList(await readInputFile(path, releaseListBytesMax), vaultKey);
}

/** Throws `not.found` before the first release, `ledger.unverified` unless it is the newest. */
export async function newestList(
  client: ClientContext,
  charter: Charter,
  vaultKey: string,
): Promise<{ readonly list: ReleaseList; readonly bytes: Uint8Array }> {
  const bytes = await call(client, publicRoutes.releaseList, {});
  const list = await signedList(bytes, vaultKey);
  const published = await digestsOf(client, charter, 'release-list.published');
  if (published.at(-1) === sha256Hex(bytes)) return { list, bytes };
  throw new HandrailError(
    'ledger.unverified',
    'The ledger knows of another list of releases: ask again, and do not trust this one.',
  );
}

/** Throws `signature.invalid` for a tombstone that is not the one of `digest`. */
export async function tombstoneAt(
  client: ClientContext,
  digest: string,
  vaultKey: string,
): Promise<Tombstone> {
  const bytes = await call(client, publicRoutes.tombstone, { params: { digest } });
  const tombstone = await readTombstone(bytes, vaultKey);
  if (tombstone !== undefined && sha256Hex(bytes) === digest) return tombstone;
  throw new HandrailError('signature.invalid', 'The tombstone is not the one of the list.');
}

async function signedList(bytes: Uint8Array, vaultKey: string): Promise<ReleaseList> {
  const list = await readReleaseList(bytes, vaultKey);
  if (list !== undefined) return list;
  throw new HandrailError('signature.invalid', 'The list of releases is not signed by the vault.');
}

export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
