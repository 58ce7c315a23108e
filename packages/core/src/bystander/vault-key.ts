// The vault's identity as a key to seal to, so that whoever has the fingerprint in the notice needs
// no other key of it. From Ed25519 to X25519 as in RFC 7748, 4.1: u = (1 + y) / (1 - y).
import { HandrailError } from '../errors/index.ts';

const prime = 2n ** 255n - 19n;
const keyBytes = 32;

/** `identity` is Ed25519, 32 bytes; gives X25519, 32 bytes. Throws `keys.unknown`. */
export function sealKeyOf(identity: Uint8Array): Uint8Array {
  const y = numberOf(identity) % 2n ** 255n;
  const below = (prime + 1n - y) % prime;
  if (identity.length !== keyBytes || y >= prime || below === 0n) {
    throw new HandrailError('keys.unknown', 'This is no Ed25519 key.');
  }
  return bytesOf(((1n + y) * power(below, prime - 2n)) % prime);
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let [square, left] = [base, exponent]; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % prime;
    square = (square * square) % prime;
  }
  return result;
}

/** Little-endian. */
function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function bytesOf(value: bigint): Uint8Array {
  return Uint8Array.from({ length: keyBytes }, (_, at) => Number((value >> BigInt(8 * at)) & 255n));
}
