// The keys of signed notes as one line each, so that people can pin and compare them.
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, equalBytes, fromHex, toHex, utf8 } from '../bytes/index.ts';
import { HandrailError } from '../errors/index.ts';
import { fromBase64, toBase64 } from './base64.ts';

/** `ed25519` signs any note (type 0x01), `cosignature` is a witness's (type 0x04). */
export type NoteKeyKind = 'ed25519' | 'cosignature';

const typeBytes = { ed25519: 0x01, cosignature: 0x04 } as const;
const publicKeyBytes = 32;
const keyLineLettersMax = 512;
const privatePrefix = 'PRIVATE+KEY+';

export interface VerifierKey {
  readonly name: string;
  /** 8 lower-case hex digits. */
  readonly id: string;
  readonly kind: NoteKeyKind;
  /** 32 bytes, Ed25519. */
  readonly publicKey: Uint8Array;
}

/** Throws `input.invalid` for a name or key that notes cannot carry. */
export function verifierKey(name: string, publicKey: Uint8Array, kind: NoteKeyKind): VerifierKey {
  if (!validKeyName(name) || publicKey.length !== publicKeyBytes) {
    throw new HandrailError(
      'input.invalid',
      'Give a key name without spaces, + and a 32-byte key.',
    );
  }
  const type = Uint8Array.of(typeBytes[kind]);
  const id = toHex(sha256(concatBytes(utf8(`${name}\n`), type, publicKey)).slice(0, 4));
  return { name, id, kind, publicKey };
}

/** `name+id+base64(type || public key)`, C2SP signed-note's vkey. */
export function verifierLine({ name, id, kind, publicKey }: VerifierKey): string {
  return `${name}+${id}+${encodeKey(kind, publicKey)}`;
}

/** Reads a vkey line. Throws `input.invalid` when it is none of a kind known here. */
export function parseVerifierLine(line: string): VerifierKey {
  const { name, id, kind, key } = parseKeyLine(line.trimEnd());
  const verifier = verifierKey(name, key, kind);
  if (verifier.id !== id) throw notAKey();
  return verifier;
}

/**
 * `PRIVATE+KEY+name+id+base64(type || seed)`, the form that Go's sumdb/note reads. Secret: it
 * belongs in a file of mode 0600 only.
 */
export function signerLine(key: VerifierKey, seed: Uint8Array): string {
  return `${privatePrefix}${key.name}+${key.id}+${encodeKey(key.kind, seed)}`;
}

/** Reads a private line; `id` is for the caller to compare with that of the public key. */
export function parseSignerLine(line: string): {
  readonly name: string;
  readonly id: string;
  readonly kind: NoteKeyKind;
  readonly seed: Uint8Array;
} {
  const text = line.trimEnd();
  if (!text.startsWith(privatePrefix)) throw notAKey();
  const { name, id, kind, key } = parseKeyLine(text.slice(privatePrefix.length));
  return { name, id, kind, seed: key };
}

/** The 4 bytes that stand before this key's signatures. */
export function keyIdOf(key: VerifierKey): Uint8Array {
  return fromHex(key.id);
}

export function sameKey(a: VerifierKey, b: VerifierKey): boolean {
  return a.name === b.name && a.kind === b.kind && equalBytes(a.publicKey, b.publicKey);
}

/** Not empty, without Unicode spaces, control characters and plus. */
export function validKeyName(name: string): boolean {
  return name.length > 0 && !/[\s\p{Z}\p{Cc}+]/u.test(name);
}

function encodeKey(kind: NoteKeyKind, key: Uint8Array): string {
  return toBase64(concatBytes(Uint8Array.of(typeBytes[kind]), key));
}

function parseKeyLine(line: string) {
  const [, name, id, base64] =
    (line.length <= keyLineLettersMax && /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(line)) || [];
  const bytes = base64 === undefined ? undefined : fromBase64(base64);
  if (name === undefined || id === undefined || bytes?.length !== publicKeyBytes + 1) {
    throw notAKey();
  }
  const kind = (['ed25519', 'cosignature'] as const).find((one) => typeBytes[one] === bytes[0]);
  if (kind === undefined) throw notAKey();
  return { name, id, kind, key: bytes.slice(1) };
}

function notAKey(): HandrailError {
  return new HandrailError('input.invalid', 'Give a key line of the form name+id+base64.');
}
