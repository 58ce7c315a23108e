import { httpbis } from 'http-message-signatures';
import { beforeAll, expect, test } from 'vitest';
import { fromBase64url, toBase64url, utf8 } from '../bytes/index.ts';
import { newSigningSeed, type Signer, signerFromSeed, verifyEd25519 } from '../seal/index.ts';
import { signRequest, verifyRequest } from './signed-request.ts';

const request = { method: 'PUT', target: '/v1/segments/a?b=1', body: utf8('body') };
const now = 1_790_000_000;
const nonce = new Uint8Array(16).fill(7);
let signer: Signer;

beforeAll(async () => {
  signer = await signerFromSeed(newSigningSeed());
});

test('a signed request names its signer', async () => {
  const headers = await signRequest(signer, request, now, nonce);
  expect(await verifyRequest(request, headers, now + 59)).toEqual({
    key: toBase64url(signer.publicKey),
    nonce: toBase64url(nonce),
    createdSeconds: now,
  });
});

test('another method, target, body, clock or header is nobody', async () => {
  const headers = await signRequest(signer, request, now, nonce);
  const others = [
    verifyRequest({ ...request, method: 'GET' }, headers, now),
    verifyRequest({ ...request, target: '/v1/segments/a?b=2' }, headers, now),
    verifyRequest({ ...request, target: '/v1/segments/a' }, headers, now),
    verifyRequest({ ...request, body: utf8('Body') }, headers, now),
    verifyRequest(request, headers, now + 61),
    verifyRequest(request, headers, now - 61),
    verifyRequest(request, {}, now),
    verifyRequest(request, { ...headers, signature: 'sig=:AAAA:' }, now),
    verifyRequest(request, { ...headers, 'signature-input': 'sig=()' }, now),
  ];
  for (const other of await Promise.all(others)) expect(other).toBeUndefined();
});

test('another implementation of RFC 9421 accepts the signature', async () => {
  const headers = await signRequest(signer, request, now, nonce);
  const accepted = await httpbis.verifyMessage(
    {
      keyLookup: async ({ keyid }) => ({
        id: String(keyid),
        algs: ['ed25519'],
        verify: (data, signature) => verifyEd25519(fromBase64url(String(keyid)), data, signature),
      }),
      requiredFields: ['@method', '@path', '@query', 'content-digest'],
    },
    { method: request.method, url: `http://127.0.0.1${request.target}`, headers: { ...headers } },
  );
  expect(accepted).toBe(true);
});
