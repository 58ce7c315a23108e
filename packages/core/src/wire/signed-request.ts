// HTTP Message Signatures (RFC 9421) in one profile: Ed25519 over method, path, query and the
// body's digest (RFC 9530), with a creation time and a nonce. Anything else is refused.
import { equalBytes, fromBase64url, toBase64url, utf8 } from '../bytes/index.ts';
import { type HostCrypto, portableCrypto, type Sha256, type Signer } from '../seal/index.ts';

/** Seconds that a signature's creation time may differ from the verifier's clock. */
export const signatureAgeSecondsMax = 60;

export interface SignedParts {
  readonly method: string;
  /** Path and query as sent, such as `/v1/segments/x?a=1`. */
  readonly target: string;
  readonly body: Uint8Array;
}

export type RequestHeaders = Readonly<Record<string, string>>;

const components = '("@method" "@path" "@query" "content-digest")';
const inputPattern = new RegExp(
  [
    `^sig=(${components.replaceAll(/[()]/g, '\\$&')}`,
    'created=(\\d{1,12})',
    'keyid="([A-Za-z0-9_-]{43})"',
    'alg="ed25519"',
    'nonce="([A-Za-z0-9_-]{22})")$',
  ].join(';'),
);

/** The headers that sign `request`. `nonce` is 16 fresh random bytes. */
export async function signRequest(
  signer: Signer,
  request: SignedParts,
  createdSeconds: number,
  nonce: Uint8Array,
): Promise<RequestHeaders> {
  const keyid = toBase64url(signer.publicKey);
  const made = `created=${createdSeconds};keyid="${keyid}"`;
  const parameters = `${components};${made};alg="ed25519";nonce="${toBase64url(nonce)}"`;
  const digest = contentDigest(request.body);
  const signature = await signer.sign(signatureBase(request, digest, parameters));
  return {
    'content-digest': digest,
    'signature-input': `sig=${parameters}`,
    signature: `sig=:${toBase64(signature)}:`,
  };
}

export interface VerifiedRequest {
  /** Ed25519 public key, base64url. */
  readonly key: string;
  /** For the verifier's replay list. */
  readonly nonce: string;
  readonly createdSeconds: number;
}

/**
 * Who signed, or undefined: unsigned, malformed, too old, another body, another key.
 */
export async function verifyRequest(
  request: SignedParts,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  nowSeconds: number,
  { sha256, verifyEd25519 }: HostCrypto = portableCrypto,
): Promise<VerifiedRequest | undefined> {
  const { 'signature-input': input, signature, 'content-digest': digest } = headers;
  if (typeof input !== 'string' || typeof signature !== 'string') return undefined;
  const match = inputPattern.exec(input);
  const [, parameters, created, key, nonce] = match ?? [];
  if (!parameters || !key || !nonce) return undefined;
  const createdSeconds = Number(created);
  if (Math.abs(nowSeconds - createdSeconds) > signatureAgeSecondsMax) return undefined;
  const expected = contentDigest(request.body, sha256);
  if (typeof digest !== 'string' || !equalBytes(utf8(digest), utf8(expected))) return undefined;
  const bytes = fromSignatureHeader(signature);
  if (bytes === undefined) return undefined;
  const base = signatureBase(request, expected, parameters);
  const valid = await verifyEd25519(fromBase64url(key), base, bytes);
  return valid ? { key, nonce, createdSeconds } : undefined;
}

function signatureBase(request: SignedParts, digest: string, parameters: string): Uint8Array {
  const [path = '', ...query] = request.target.split('?');
  return utf8(
    [
      `"@method": ${request.method.toUpperCase()}`,
      `"@path": ${path}`,
      `"@query": ?${query.join('?')}`,
      `"content-digest": ${digest}`,
      `"@signature-params": ${parameters}`,
    ].join('\n'),
  );
}

function contentDigest(body: Uint8Array, hash: Sha256 = portableCrypto.sha256): string {
  return `sha-256=:${toBase64(hash(body))}:`;
}

function toBase64(bytes: Uint8Array): string {
  const text = toBase64url(bytes).replaceAll('-', '+').replaceAll('_', '/');
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}

function fromSignatureHeader(header: string): Uint8Array | undefined {
  const text = /^sig=:([A-Za-z0-9+/]{86})==:$/.exec(header)?.[1];
  if (text === undefined) return undefined;
  try {
    return fromBase64url(text.replaceAll('+', '-').replaceAll('/', '_'));
  } catch {
    return undefined;
  }
}
