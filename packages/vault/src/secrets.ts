// The vault's identity: an Ed25519 seed in a 0600 file that never leaves the vault's folder.
import { createHash, createHmac } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fromHex, fromUtf8, toBase64url, toHex, utf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { newSigningSeed, type Signer, signerFromSeed } from '@handrail/core/seal';
import { readPrivate, replacePrivate } from './keeper/folder/private-file.ts';

const seedText = /^[0-9a-f]{64}\n$/;
/** In the vault's folder, and nowhere else: who has it can hand out keys in the vault's name. */
export const identityName = 'vault-identity';
const seedPath = (folder: string) => join(folder, identityName);

export interface VaultIdentity {
  readonly signer: Signer;
  /** Ed25519, base64url. */
  readonly publicKey: string;
  /** The private half of `sealKeyOf(publicKey)`: X25519, 32 bytes, to be overwritten after use. */
  sealKey(): Uint8Array;
  /** 32 bytes that only this vault can compute; another `purpose` gives unrelated ones. */
  derive(purpose: string, input: string): Uint8Array;
}

/** Makes the vault's identity on first use. `publicKey` is Ed25519, base64url. */
export async function createVault(folder: string): Promise<{ readonly publicKey: string }> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readPrivate(seedPath(folder))) === undefined) {
    await replacePrivate(seedPath(folder), utf8(`${toHex(newSigningSeed())}\n`));
  }
  return { publicKey: (await readIdentity(folder)).publicKey };
}

/** Throws `keys.unknown` before `createVault`, `storage.broken` for a damaged file. */
export async function readIdentity(folder: string): Promise<VaultIdentity> {
  const bytes = await readPrivate(seedPath(folder));
  if (bytes === undefined) throw new HandrailError('keys.unknown', 'Create the vault first.');
  const text = fromUtf8(bytes);
  if (!seedText.test(text)) {
    throw new HandrailError('storage.broken', `${seedPath(folder)} is damaged.`);
  }
  const seed = fromHex(text.trim());
  const signer = await signerFromSeed(seed);
  return {
    signer,
    publicKey: toBase64url(signer.publicKey),
    // As RFC 8032 makes the scalar of the signing key; X25519 clamps it itself.
    sealKey: () => new Uint8Array(createHash('sha512').update(seed).digest().subarray(0, 32)),
    derive: (purpose, input) =>
      new Uint8Array(
        createHmac('sha256', seed).update(`handrail/${purpose}/v1\n${input}`).digest(),
      ),
  };
}
