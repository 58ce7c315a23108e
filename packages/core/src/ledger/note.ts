// Signed notes (C2SP signed-note): a text and who signed it. Nothing of the text may be believed
// before a known key's signature holds; unknown signatures are ignored.
import { concatBytes, fromUtf8, utf8 } from '../bytes/index.ts';
import { HandrailError } from '../errors/index.ts';
import type { Signer } from '../seal/index.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { keyIdOf, sameKey, type VerifierKey, validKeyName, verifierKey } from './note-key.ts';
import { checkSignature } from './note-signature.ts';

export const noteBytesMax = 131_072;
export const noteSignaturesMax = 64;
const keyIdBytes = 4;

/** One signature line, not yet checked. `signature` is what follows the 4-byte key ID. */
export interface NoteSignature {
  readonly name: string;
  /** 8 lower-case hex digits. */
  readonly id: string;
  readonly signature: Uint8Array;
  /** The line without its newline. */
  readonly line: string;
}

/** A note taken apart; `text` ends in a newline. Nothing in it is verified. */
export interface SignedNote {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A signature by a known key that holds. `timestampS` is there for cosignatures: Unix seconds. */
export interface HeldSignature {
  readonly key: VerifierKey;
  readonly line: string;
  readonly timestampS?: number;
}

export type OpenedNote =
  | { readonly kind: 'opened'; readonly text: string; readonly by: readonly HeldSignature[] }
  | { readonly kind: 'refused'; readonly reason: 'malformed' | 'bad-signature' | 'unsigned' };

/** Who signs notes under which name. */
export interface NoteSigner {
  readonly name: string;
  readonly signer: Signer;
}

/** The note's bytes with one Ed25519 signature (type 0x01). Throws `input.invalid`. */
export async function signNote(text: string, { name, signer }: NoteSigner): Promise<Uint8Array> {
  checkText(text);
  const key = verifierKey(name, signer.publicKey, 'ed25519');
  const line = signatureLine(key, await signer.sign(utf8(text)));
  return utf8(`${text}\n${line}\n`);
}

/** Adds signature lines (without newlines), such as witnesses', to a note. */
export function addSignatures(note: Uint8Array, lines: readonly string[]): Uint8Array {
  return concatBytes(note, ...lines.map((line) => utf8(`${line}\n`)));
}

/** `— name base64(key ID || signature)`, without a newline. */
export function signatureLine(key: VerifierKey, signature: Uint8Array): string {
  return `— ${key.name} ${toBase64(concatBytes(keyIdOf(key), signature))}`;
}

/**
 * Opens a note for whoever trusts `known`. A signature by a known key that does not hold refuses
 * the whole note; so does a note that no known key signed.
 */
export async function openNote(
  bytes: Uint8Array,
  known: readonly VerifierKey[],
): Promise<OpenedNote> {
  const note = parseNote(bytes);
  if (note === undefined) return { kind: 'refused', reason: 'malformed' };
  const by: HeldSignature[] = [];
  for (const { name, id, signature, line } of note.signatures) {
    const key = known.find((one) => one.name === name && one.id === id);
    if (key === undefined || by.some((one) => sameKey(one.key, key))) continue;
    const held = await checkSignature(key, note.text, signature);
    if (held === undefined) return { kind: 'refused', reason: 'bad-signature' };
    by.push({ key, line, ...held });
  }
  if (by.length === 0) return { kind: 'refused', reason: 'unsigned' };
  return { kind: 'opened', text: note.text, by };
}

/** Takes a note apart, or undefined when the bytes are no signed note within the limits. */
export function parseNote(bytes: Uint8Array): SignedNote | undefined {
  const whole = bytes.length <= noteBytesMax ? textOf(bytes) : undefined;
  const end = whole?.lastIndexOf('\n\n') ?? -1;
  if (whole === undefined || end < 0 || !whole.endsWith('\n')) return undefined;
  const lines = whole.slice(end + 2, -1).split('\n');
  if (lines.length > noteSignaturesMax) return undefined;
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const signature = parseSignatureLine(line);
    if (signature === undefined) return undefined;
    signatures.push(signature);
  }
  return { text: whole.slice(0, end + 1), signatures };
}

/** One signature line without its newline, or undefined when it is none. */
export function parseSignatureLine(line: string): NoteSignature | undefined {
  const [, name, base64] = /^— ([^ ]+) ([^ ]+)$/.exec(line) ?? [];
  const bytes = base64 === undefined ? undefined : fromBase64(base64);
  if (name === undefined || !validKeyName(name)) return undefined;
  if (bytes === undefined || bytes.length <= keyIdBytes) return undefined;
  const id = [...bytes.slice(0, keyIdBytes)].map((byte) => byte.toString(16).padStart(2, '0'));
  return { name, id: id.join(''), signature: bytes.slice(keyIdBytes), line };
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = fromUtf8(bytes);
    return hasControl(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

function hasControl(text: string): boolean {
  return [...text].some((letter) => letter < ' ' && letter !== '\n');
}

function checkText(text: string): void {
  if (text.length <= 1 || !text.endsWith('\n') || hasControl(text)) {
    throw new HandrailError('input.invalid', 'A note is text that ends in a newline.');
  }
}
