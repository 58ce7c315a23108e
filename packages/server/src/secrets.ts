// The one secret of the server: the key that signs the ledger. It opens nothing.
import { readFile, stat } from 'node:fs/promises';
import { HandrailError } from '@handrail/core/errors';
import { type NoteSigner, parseSignerLine, verifierKey } from '@handrail/core/ledger';
import { signerFromSeed } from '@handrail/core/seal';

const othersMask = 0o077;

/** Throws `usage.invalid` for a missing, shared or unusable key file. */
export async function readLogKey(path: string): Promise<NoteSigner> {
  const wrong = (what: string) => new HandrailError('usage.invalid', `${path} ${what}`);
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined) throw wrong('is missing: name the key file of the log.');
  if ((facts.mode & othersMask) !== 0) throw wrong('may be read by others: run chmod 600 on it.');
  const { name, id, kind, seed } = parseSignerLine(await readFile(path, 'utf8'));
  const signer = await signerFromSeed(seed);
  if (kind !== 'ed25519' || verifierKey(name, signer.publicKey, kind).id !== id) {
    throw wrong('is no key of a log.');
  }
  return { name, signer };
}
