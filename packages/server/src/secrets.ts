// The one secret of the server: the key that signs the ledger. It opens nothing.
import { readFile, stat } from 'node:fs/promises';
import { HandrailError } from '@handrail/core/errors';
import { type NoteSigner, parseSignerLine, verifierKey } from '@handrail/core/ledger';
import { signerFromSeed } from '@handrail/core/seal';

const othersMask = 0o077;

/** Text of a file that only its owner may read. Throws `usage.invalid`. */
export async function readSecret(path: string): Promise<string> {
  const wrong = (what: string) => new HandrailError('usage.invalid', `${path} ${what}`);
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined) throw wrong('is missing: name the file that holds the secret.');
  if ((facts.mode & othersMask) !== 0) throw wrong('may be read by others: run chmod 600 on it.');
  return (await readFile(path, 'utf8')).trim();
}

/** Throws `usage.invalid` for a missing, shared or unusable key file. */
export async function readLogKey(path: string): Promise<NoteSigner> {
  const { name, id, kind, seed } = parseSignerLine(await readSecret(path));
  const signer = await signerFromSeed(seed);
  if (kind !== 'ed25519' || verifierKey(name, signer.publicKey, kind).id !== id) {
    throw new HandrailError('usage.invalid', `${path} is no key of a log.`);
  }
  return { name, signer };
}
