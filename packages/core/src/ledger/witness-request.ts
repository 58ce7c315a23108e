// The body of C2SP tlog-witness's add-checkpoint: the size the witness is thought to know, the
// proof that the log only grew since, and the new checkpoint.
import { concatBytes, fromUtf8, utf8 } from '../bytes/index.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { parseSize } from './checkpoint.ts';
import { hashBytes } from './hash.ts';
import { noteBytesMax } from './note.ts';
import { type Proof, proofHashesMax } from './proof.ts';

const proofLineBytesMax = 64;
/** The most bytes an add-checkpoint body may have. */
export const addCheckpointBytesMax = noteBytesMax + (proofHashesMax + 1) * proofLineBytesMax;
/** Path of the call below a witness's submission prefix, and the type of its 409 answer. */
export const addCheckpointPath = '/add-checkpoint';
export const logSizeContentType = 'text/x.tlog.size';

export interface AddCheckpoint {
  readonly oldSize: number;
  readonly proof: Proof;
  /** The signed note, as its log wrote it. */
  readonly checkpoint: Uint8Array;
}

export function formatAddCheckpoint({ oldSize, proof, checkpoint }: AddCheckpoint): Uint8Array {
  const lines = [`old ${oldSize}`, ...proof.map(toBase64), '', ''];
  return concatBytes(utf8(lines.join('\n')), checkpoint);
}

/** Reads a body, or undefined when it is malformed. The checkpoint is not verified. */
export function parseAddCheckpoint(body: Uint8Array): AddCheckpoint | undefined {
  const text = body.length <= addCheckpointBytesMax ? textOf(body) : undefined;
  const end = text?.indexOf('\n\n') ?? -1;
  if (text === undefined || end < 0) return undefined;
  const [first = '', ...lines] = text.slice(0, end).split('\n');
  const oldSize = first.startsWith('old ') ? parseSize(first.slice(4)) : undefined;
  if (oldSize === undefined || lines.length > proofHashesMax) return undefined;
  const proof: Uint8Array[] = [];
  for (const line of lines) {
    const hash = fromBase64(line);
    if (hash?.length !== hashBytes) return undefined;
    proof.push(hash);
  }
  return { oldSize, proof, checkpoint: utf8(text.slice(end + 2)) };
}

function textOf(body: Uint8Array): string | undefined {
  try {
    return fromUtf8(body);
  } catch {
    return undefined;
  }
}
