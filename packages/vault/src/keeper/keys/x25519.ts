// The public half of an X25519 private key (RFC 7748), through the platform.
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { fromBase64url } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';

// RFC 8410: the fixed bytes before a 32-byte X25519 private key in PKCS #8.
const pkcs8Prefix = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** 32 bytes in, 32 bytes out. */
export function x25519PublicKey(privateKey: Uint8Array): Uint8Array {
  const der = Buffer.concat([pkcs8Prefix, privateKey]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  if (x === undefined) throw new HandrailError('internal', 'The key has no public half.');
  return fromBase64url(x);
}
