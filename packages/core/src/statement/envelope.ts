// A statement is a canonical JSON payload with Ed25519 signatures over it. What was signed is the
// bytes, so a statement means the same thing everywhere and for ever.
import { z } from 'zod';
import { concatBytes, fromBase64url, toBase64url, utf8 } from '../bytes/index.ts';
import { canonicalBytes, canonicalDigest } from '../canonical-json/index.ts';
import { type Signer, verifyEd25519 } from '../seal/index.ts';

export const signaturesMax = 8;
export const statementBytesMax = 65_536;

const domain = utf8('handrail/statement/v1\0');

export const publicKeySchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
export const digestSchema = z.string().regex(/^[0-9a-f]{64}$/);
export const instantSchema = z.iso.datetime({ precision: 0 });

export const signatureSchema = z.strictObject({
  /** Ed25519 public key, base64url. */
  key: publicKeySchema,
  /** 64 bytes, base64url. */
  signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
});

export type Signature = z.infer<typeof signatureSchema>;

export interface Signed<T> {
  readonly payload: T;
  readonly signatures: readonly Signature[];
}

export function signedSchema<S extends z.ZodType>(payload: S) {
  return z.strictObject({
    payload,
    signatures: z.array(signatureSchema).min(1).max(signaturesMax).readonly(),
  });
}

/** `payload` with the signatures of all `signers`. */
export async function sign<T>(payload: T, ...signers: readonly Signer[]): Promise<Signed<T>> {
  const message = signedBytes(payload);
  const signatures = await Promise.all(
    signers.map(async (signer) => ({
      key: toBase64url(signer.publicKey),
      signature: toBase64url(await signer.sign(message)),
    })),
  );
  return { payload, signatures };
}

/** The keys (base64url) that validly signed, each once. A bad signature counts as none. */
export async function signersOf(statement: Signed<unknown>): Promise<ReadonlySet<string>> {
  const message = signedBytes(statement.payload);
  const keys = new Set<string>();
  for (const { key, signature } of statement.signatures.slice(0, signaturesMax)) {
    const valid = await verifyEd25519(fromBase64url(key), message, fromBase64url(signature));
    if (valid) keys.add(key);
  }
  return keys;
}

/** SHA-256 (hex) of the canonical payload: the statement's name in grants and in the ledger. */
export function statementDigest(statement: Signed<unknown>): string {
  return canonicalDigest(statement.payload);
}

function signedBytes(payload: unknown): Uint8Array {
  return concatBytes(domain, canonicalBytes(payload));
}
