// Sealing to public keys, signing, and the frame around both. Opening is not here: see core/open.
export { type BoxParts, boxOverheadBytes, sealBox, splitBox } from './box.ts';
export {
  contentKeyBytes,
  decryptOnce,
  decryptWithNonce,
  encryptWithNonce,
  newContentKey,
} from './content-cipher.ts';
export { type HostCrypto, portableCrypto, type Sha256 } from './host-crypto.ts';
export { newSealKeyPair, type SealKeyPair, type SealPurpose } from './hpke.ts';
export {
  type FrameKind,
  parseFrame,
  type SignedFrame,
  signFrame,
  verifyFrame,
} from './signed-frame.ts';
export { newSigningSeed, type Signer, signerFromSeed, verifyEd25519 } from './signing.ts';
export { randomBytes } from './web-crypto.ts';
