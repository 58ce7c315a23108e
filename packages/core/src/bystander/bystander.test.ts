import { createHash, createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { fromBase64url, toBase64url, utf8 } from '../bytes/index.ts';
import { signerFromSeed } from '../seal/index.ts';
import { parseRequest, requestBytes, requestDigest, sealRequest, whyTooWide } from './request.ts';
import { sealKeyOf } from './vault-key.ts';

const pkcs8 = (oid: number, key: Uint8Array) =>
  Buffer.concat([Buffer.from(`302e020100300506032b65${oid.toString(16)}04220420`, 'hex'), key]);

test('the key to seal to is the one that the signing seed has as X25519', async () => {
  for (let times = 0; times < 20; times++) {
    const seed = new Uint8Array(randomBytes(32));
    const scalar = createHash('sha512').update(seed).digest().subarray(0, 32);
    const key = createPrivateKey({ key: pkcs8(0x6e, scalar), format: 'der', type: 'pkcs8' });
    const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
    const { publicKey } = await signerFromSeed(seed);
    expect(toBase64url(sealKeyOf(publicKey))).toBe(x);
  }
  expect(() => sealKeyOf(new Uint8Array(32).fill(255))).toThrow('no Ed25519 key');
  expect(() => sealKeyOf(new Uint8Array([1, ...new Uint8Array(31)]))).toThrow('no Ed25519 key');
});

test('a word of the language, a short string and a long one are no requests', () => {
  expect(whyTooWide('the')).toBe('too-short');
  expect(whyTooWide('a. b.')).toBe('too-short');
  expect(whyTooWide('quarterly')).toBe('one-word');
  expect(whyTooWide('sign-in')).toBe('one-word');
  expect(whyTooWide('x'.repeat(81))).toBe('too-long');
  for (const text of ['Ida Vestergren', 'i.v@example.org', '+46 70 555 0199', '@vestergren']) {
    expect(whyTooWide(text)).toBeUndefined();
  }
});

test('sealed requests are of one length, whatever they seek', async () => {
  const vault = await signerFromSeed(new Uint8Array(randomBytes(32)));
  const key = toBase64url(vault.publicKey);
  const most = Array.from({ length: 20 }, (_, nth) => `${nth} ${'\u0001ab'.repeat(25)}`);
  const boxes = [
    await sealRequest(key, 'prog_a', ['Ida Vestergren']),
    await sealRequest(key, 'prog_a', ['Ida Vestergren']),
    await sealRequest(key, 'prog_a', most),
  ];
  expect(boxes.map(({ length }) => length)).toEqual(boxes.map(() => requestBytes));
  expect(new Set(boxes.map(requestDigest)).size).toBe(boxes.length);
  expect(fromBase64url(key)).toHaveLength(32);
});

test('what seeks too much is refused when it is sealed, and when it is opened', async () => {
  const key = toBase64url((await signerFromSeed(new Uint8Array(randomBytes(32)))).publicKey);
  await expect(sealRequest(key, 'prog_a', ['Ida Vestergren', 'the'])).rejects.toMatchObject({
    code: 'usage.invalid',
    message: expect.not.stringContaining('Vestergren'),
  });
  await expect(sealRequest(key, 'prog_a', [])).rejects.toMatchObject({ code: 'usage.invalid' });
  const many = Array.from({ length: 21 }, (_, nth) => `somebody ${nth}`);
  await expect(sealRequest(key, 'prog_a', many)).rejects.toMatchObject({ code: 'usage.invalid' });
  const content = (sought: unknown) => utf8(`${JSON.stringify({ v: 1, sought })}   `);
  expect(parseRequest(content(['Ida Vestergren']))).toEqual(['Ida Vestergren']);
  expect(parseRequest(content(['Ida Vestergren', 'the']))).toBeUndefined();
  expect(parseRequest(content([]))).toBeUndefined();
  expect(parseRequest(utf8('x'))).toBeUndefined();
});
