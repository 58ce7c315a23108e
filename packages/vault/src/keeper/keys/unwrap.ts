// Unwraps the content key of one trajectory or release file. Only runs that have announced their
// intent call this.
import { toBase64url } from '@handrail/core/bytes';
import { releaseAad, releaseFileNames, type SealedTrajectory } from '@handrail/core/dataset';
import { openBulk, unwrapContentKey } from '@handrail/core/open';
import { type KeeperContext, Refusal } from '../keeper-context.ts';
import { x25519PublicKey } from './x25519.ts';

/**
 * Throws `Refusal` when the key is destroyed or another, or where another trajectory has taken the
 * place of this one; `seal.broken` for changed bytes.
 */
export async function unwrapTrajectory(
  { keyring, removals }: Pick<KeeperContext, 'keyring' | 'removals'>,
  { header, headerBytes, body }: SealedTrajectory,
): Promise<Uint8Array> {
  if (removals.has(header.trajectory)) throw new Refusal('removed-for-a-bystander');
  const privateKey = await keyring.dayKey(header, { tier: 'trajectory', day: header.day });
  if (privateKey === undefined) throw new Refusal('keys-destroyed');
  try {
    if (toBase64url(x25519PublicKey(privateKey)) !== header.sealedTo) {
      throw new Refusal('sealed-to-another-key');
    }
    return await unwrapContentKey(privateKey, 'trajectory', headerBytes, body);
  } finally {
    privateKey.fill(0);
  }
}

export function unwrapReleaseFile(
  privateKey: Uint8Array,
  release: string,
  name: string,
  sealed: Uint8Array,
): Promise<Uint8Array> {
  return unwrapContentKey(privateKey, 'release', releaseAad(release, name), sealed);
}

/** The manifest holds names, counts and digests, nothing captured: the keeper may read it. */
export async function openReleaseManifest(
  privateKey: Uint8Array,
  release: string,
  sealed: Uint8Array,
): Promise<{ readonly bytes: Uint8Array; readonly contentKey: Uint8Array }> {
  const name = releaseFileNames.manifest;
  const contentKey = await unwrapReleaseFile(privateKey, release, name, sealed);
  return { bytes: await openBulk(contentKey, releaseAad(release, name), sealed), contentKey };
}
