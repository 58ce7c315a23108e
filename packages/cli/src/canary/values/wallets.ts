// Addresses of wallets: random, and checked by a hash.
import { createHash, randomBytes } from 'node:crypto';
import type { Maker } from './alphabet.ts';

const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

function base58check(version: number): string {
  const payload = Buffer.concat([Buffer.from([version]), randomBytes(20)]);
  const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
  const all = Buffer.concat([payload, sha(sha(payload)).subarray(0, 4)]);
  let value = BigInt(`0x${all.toString('hex')}`);
  let text = '';
  while (value > 0n) {
    text = `${base58[Number(value % 58n)]}${text}`;
    value /= 58n;
  }
  return version === 0 ? `1${text}` : text;
}

export const wallets: Readonly<Record<string, Maker>> = {
  bitcoin: () => base58check(0),
  ethereum: () => `0x${randomBytes(20).toString('hex')}`,
};
