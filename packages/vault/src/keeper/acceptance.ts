// Whether a segment was accepted before something else in the ledger: the server says with which
// others it was, and the ledger's own entry has to commit to just that.
import { fromBase64url } from '@handrail/core/bytes';
import { canonicalBytes } from '@handrail/core/canonical-json';
import { HandrailError } from '@handrail/core/errors';
import { commitment } from '@handrail/core/ledger';
import type { KeeperContext } from './keeper-context.ts';

export async function wasAccepted(
  { server, ledger }: KeeperContext,
  segment: string,
  before: number,
): Promise<boolean> {
  const told = await server.acceptance(segment).catch((error: unknown) => {
    if (error instanceof HandrailError && error.code === 'not.found') return undefined;
    throw error;
  });
  if (told === undefined || told.leaf >= before || !told.segments.includes(segment)) return false;
  const entry = await ledger.entryAt(told.leaf);
  const { segments } = told;
  const committed = commitment(fromBase64url(told.salt), canonicalBytes({ segments }));
  return entry?.kind === 'segments.accepted' && entry.commitment === committed;
}
