// The witness's key: one line in Go's PRIVATE+KEY form, in a file that only its owner may read.
import { toHex } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { parseSignerLine, signerLine, type VerifierKey, verifierKey } from '@handrail/core/ledger';
import { newSigningSeed, type Signer, signerFromSeed } from '@handrail/core/seal';
import { readPrivate, replacePrivate } from './durable-file.ts';

export interface WitnessKey {
  readonly name: string;
  readonly signer: Signer;
  readonly verifier: VerifierKey;
}

/** Reads the key file, or makes one on first use. Throws `storage.broken` for an unfit file. */
export async function openWitnessKey(path: string, name: string | undefined): Promise<WitnessKey> {
  const line = (await readPrivate(path)) ?? (await makeKey(path, name));
  const { name: named, id, kind, seed } = parseSignerLine(line);
  const signer = await signerFromSeed(seed);
  const verifier = verifierKey(named, signer.publicKey, 'cosignature');
  if (kind !== 'cosignature' || verifier.id !== id || (name !== undefined && name !== named)) {
    throw new HandrailError('storage.broken', `${path} is no key of this witness: name another.`);
  }
  return { name: named, signer, verifier };
}

async function makeKey(path: string, name: string | undefined): Promise<string> {
  const seed = newSigningSeed();
  const { publicKey } = await signerFromSeed(seed);
  const named = name ?? `handrail-witness/${toHex(publicKey.slice(0, 8))}`;
  const line = `${signerLine(verifierKey(named, publicKey, 'cosignature'), seed)}\n`;
  await replacePrivate(path, line);
  return line;
}
