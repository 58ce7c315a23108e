// A checkpoint says how long the ledger is and what its root is (C2SP tlog-checkpoint). It counts
// only with the log's signature and as many of the pinned witnesses as the quorum asks for.
import { toHex } from '../bytes/index.ts';
import { HandrailError } from '../errors/index.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { emptyRoot, hashBytes } from './hash.ts';
import { type NoteSigner, openNote, signatureLine, signNote } from './note.ts';
import { sameKey, type VerifierKey, validKeyName, verifierKey } from './note-key.ts';
import { timestampedSignature } from './note-signature.ts';
import type { TreeHead } from './proof.ts';
import { isLedgerSize } from './tile.ts';

export const extensionLinesMax = 16;
const extensionLettersMax = 512;

export interface Checkpoint extends TreeHead {
  /** Name of the log; the same as the name of its key. */
  readonly origin: string;
  /** Opaque lines; witnesses promise nothing about them. */
  readonly extensions: readonly string[];
}

/** When and by whom a checkpoint was cosigned; Unix seconds. */
export interface Cosignature {
  readonly witness: string;
  readonly timestampS: number;
}

/** Cosignatures outside these Unix seconds, both inclusive, do not count. */
export interface CosignedWithin {
  readonly fromS?: number;
  readonly toS?: number;
}

export type CheckpointRefusal =
  | 'malformed'
  | 'bad-signature'
  | 'unsigned'
  | 'wrong-origin'
  | 'not-enough-witnesses';

export type CheckpointVerdict =
  | {
      readonly kind: 'verified';
      readonly checkpoint: Checkpoint;
      readonly cosignatures: readonly Cosignature[];
    }
  | { readonly kind: 'refused'; readonly reason: CheckpointRefusal };

/**
 * Verifies a checkpoint's bytes: signed by `log`, for the origin of that name, and cosigned by at
 * least `quorum` different `witnesses` within `within`.
 */
export async function verifyCheckpoint(
  bytes: Uint8Array,
  log: VerifierKey,
  witnesses: readonly VerifierKey[],
  quorum: number,
  within: CosignedWithin = {},
): Promise<CheckpointVerdict> {
  const note = await openNote(bytes, [log, ...witnesses]);
  if (note.kind === 'refused') return note;
  if (!note.by.some(({ key }) => sameKey(key, log))) return { kind: 'refused', reason: 'unsigned' };
  const checkpoint = parseCheckpoint(note.text);
  if (checkpoint === undefined) return { kind: 'refused', reason: 'malformed' };
  if (checkpoint.origin !== log.name) return { kind: 'refused', reason: 'wrong-origin' };
  const { fromS = 0, toS = Number.MAX_SAFE_INTEGER } = within;
  const counted = note.by.filter(
    ({ timestampS }) => timestampS !== undefined && timestampS >= fromS && timestampS <= toS,
  );
  // One key under two names is still one witness.
  const distinct = new Set(counted.map(({ key }) => toHex(key.publicKey)));
  if (distinct.size < quorum) return { kind: 'refused', reason: 'not-enough-witnesses' };
  const cosignatures = counted.map(({ key, timestampS = 0 }) => ({
    witness: key.name,
    timestampS,
  }));
  return { kind: 'verified', checkpoint, cosignatures };
}

/** A checkpoint signed by its log; the signer's name is the origin. Throws `input.invalid`. */
export function signCheckpoint(head: TreeHead, log: NoteSigner): Promise<Uint8Array> {
  return signNote(formatCheckpoint({ ...head, origin: log.name, extensions: [] }), log);
}

/**
 * A witness's line, without a newline, over a checkpoint's text at `timestampS` (Unix seconds).
 * The caller has checked what a cosignature states: that the log only grew.
 */
export async function cosign(
  text: string,
  witness: NoteSigner,
  timestampS: number,
): Promise<string> {
  const key = verifierKey(witness.name, witness.signer.publicKey, 'cosignature');
  return signatureLine(key, await timestampedSignature(witness.signer, text, timestampS));
}

/** The note text of a checkpoint. Throws `input.invalid` for what the format cannot carry. */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  const { origin, size, root, extensions } = checkpoint;
  const text = [origin, String(size), toBase64(root), ...extensions, ''].join('\n');
  if (!validKeyName(origin) || parseCheckpoint(text)?.extensions.length !== extensions.length) {
    throw new HandrailError('input.invalid', 'Give a checkpoint with a name, a size and a root.');
  }
  return text;
}

/** The checkpoint in a note's text, or undefined when it is none. Nothing is verified. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  if (!text.endsWith('\n')) return undefined;
  const [origin, sizeText, rootText, ...extensions] = text.slice(0, -1).split('\n');
  if (!origin || sizeText === undefined || rootText === undefined) return undefined;
  const root = fromBase64(rootText);
  const size = parseSize(sizeText);
  if (size === undefined || root?.length !== hashBytes) return undefined;
  if (size === 0 && toHex(root) !== toHex(emptyRoot)) return undefined;
  if (extensions.length > extensionLinesMax) return undefined;
  if (extensions.some((line) => line === '' || line.length > extensionLettersMax)) return undefined;
  return { origin, size, root, extensions };
}

/** A ledger size in decimal without leading zeroes, or undefined. */
export function parseSize(text: string): number | undefined {
  const size = /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : undefined;
  return size !== undefined && isLedgerSize(size) ? size : undefined;
}
