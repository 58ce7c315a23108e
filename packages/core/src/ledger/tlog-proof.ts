// An inclusion proof as a file that is checked with nothing else but the policy: C2SP tlog-proof.
import { fromUtf8, utf8 } from '../bytes/index.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { parseSize } from './checkpoint.ts';
import { hashBytes } from './hash.ts';
import { noteBytesMax } from './note.ts';
import { type Proof, proofHashesMax } from './proof.ts';

const header = 'c2sp.org/tlog-proof@v1';
export const proofFileBytesMax = noteBytesMax + 32 * 1024 * 1024;

export interface ProofFile {
  readonly index: number;
  readonly proof: Proof;
  /** The signed note. */
  readonly checkpoint: Uint8Array;
  /** What the application adds; the proof says nothing about it. */
  readonly extra: Uint8Array;
}

export function formatProofFile({ index, proof, checkpoint, extra }: ProofFile): string {
  const lines = [header, `extra ${toBase64(extra)}`, `index ${index}`, ...proof.map(toBase64)];
  return `${lines.join('\n')}\n\n${fromUtf8(checkpoint)}`;
}

/** Reads a proof file, or undefined when it is malformed. Nothing in it is verified yet. */
export function parseProofFile(text: string): ProofFile | undefined {
  const end = text.indexOf('\n\n');
  if (end < 0 || text.length > proofFileBytesMax) return undefined;
  const [first, ...rest] = text.slice(0, end).split('\n');
  const extra = rest[0]?.startsWith('extra ') ? rest.shift()?.slice('extra '.length) : '';
  const index = rest[0]?.startsWith('index ')
    ? parseSize(rest[0].slice('index '.length))
    : undefined;
  const proof = rest.slice(1).flatMap((line) => fromBase64(line) ?? []);
  const bytes = extra === undefined ? undefined : fromBase64(extra);
  const wellFormed =
    proof.length === rest.length - 1 &&
    proof.length <= proofHashesMax &&
    proof.every((hash) => hash.length === hashBytes);
  if (first !== header || index === undefined || bytes === undefined || !wellFormed)
    return undefined;
  return { index, proof, checkpoint: utf8(text.slice(end + 2)), extra: bytes };
}
