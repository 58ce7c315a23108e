// The notices of later charters: kept by their digest before the charter is decided on, so that
// whoever is asked to agree can read what it names.
import { createHash } from 'node:crypto';
import { HandrailError } from '@handrail/core/errors';
import type { Charter } from '@handrail/core/statement';
import type { ServerContext } from '../context.ts';
import type { ObjectStore } from '../storage/object-store.ts';

/** Throws `state.conflict` where the charter names a notice that is neither known nor given. */
export async function keepNotice(
  { charter: before, objects }: Pick<ServerContext, 'charter' | 'objects'>,
  { noticeDigest }: Charter,
  notice: string | undefined,
): Promise<void> {
  if (noticeDigest === before.payload.noticeDigest) return;
  if (notice !== undefined && digestOf(notice) === noticeDigest) {
    await objects.put(keyOf(noticeDigest), Buffer.from(notice, 'utf8'));
    return;
  }
  if ((await noticeOf(objects, noticeDigest)) !== undefined) return;
  throw new HandrailError('state.conflict', 'The charter names another notice: send it along.');
}

export async function noticeOf(objects: ObjectStore, digest: string): Promise<string | undefined> {
  const bytes = await objects.get(keyOf(digest));
  return bytes && Buffer.from(bytes).toString('utf8');
}

function keyOf(digest: string): string {
  return `notices/${digest}`;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
