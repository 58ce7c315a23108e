// What a witness may put its name under: a checkpoint that its log signed and that continues the
// last one cosigned here. The answers are those of C2SP tlog-witness. Pure.
import {
  type Checkpoint,
  openNote,
  parseAddCheckpoint,
  parseCheckpoint,
  parseNote,
  type TreeHead,
  type VerifierKey,
  verifyConsistency,
} from '@handrail/core/ledger';

export type WitnessRefusal =
  | { readonly kind: 'malformed' }
  | { readonly kind: 'unknown-log' }
  | { readonly kind: 'not-signed' }
  | { readonly kind: 'size-conflict'; readonly knownSize: number }
  | { readonly kind: 'inconsistent' };

export type WitnessDecision =
  | WitnessRefusal
  | {
      readonly kind: 'cosign';
      readonly checkpoint: Checkpoint;
      /** The checkpoint's text, to be cosigned. */
      readonly text: string;
      /** The log's own line, which the witness has verified. */
      readonly logLine: string;
    };

/** HTTP status of each refusal. */
export const refusalStatus = {
  malformed: 400,
  'unknown-log': 404,
  'not-signed': 403,
  'size-conflict': 409,
  inconsistent: 422,
} as const satisfies Record<WitnessRefusal['kind'], number>;

/** Decides over one add-checkpoint body; `seenOf` gives the last head cosigned for an origin. */
export async function decide(
  body: Uint8Array,
  logs: readonly VerifierKey[],
  seenOf: (origin: string) => TreeHead | undefined,
): Promise<WitnessDecision> {
  const request = parseAddCheckpoint(body);
  const note = request && parseNote(request.checkpoint);
  const checkpoint = note && parseCheckpoint(note.text);
  // A body without even an origin is malformed; an origin that is not pinned is not.
  if (request === undefined || note === undefined) return { kind: 'malformed' };
  const origin = note.text.slice(0, note.text.indexOf('\n'));
  const keys = logs.filter(({ name }) => name === origin);
  if (keys.length === 0) return { kind: 'unknown-log' };
  const opened = await openNote(request.checkpoint, keys);
  if (opened.kind === 'refused') return { kind: 'not-signed' };
  if (checkpoint === undefined) return emptyWithAnotherRoot(note.text);
  if (request.oldSize > checkpoint.size) return { kind: 'malformed' };
  const seen = seenOf(origin);
  if (request.oldSize !== (seen?.size ?? 0)) {
    return { kind: 'size-conflict', knownSize: seen?.size ?? 0 };
  }
  if (!continues(seen, checkpoint, request.proof)) return { kind: 'inconsistent' };
  return { kind: 'cosign', checkpoint, text: note.text, logLine: opened.by[0]?.line ?? '' };
}

function continues(
  seen: TreeHead | undefined,
  next: Checkpoint,
  proof: readonly Uint8Array[],
): boolean {
  if (seen === undefined || seen.size === 0) return proof.length === 0;
  return verifyConsistency(seen, next, proof);
}

// tlog-witness answers 422, not 400, to a signed checkpoint of size 0 with a root that is not that
// of the empty tree.
function emptyWithAnotherRoot(text: string): WitnessRefusal {
  return text.split('\n')[1] === '0' ? { kind: 'inconsistent' } : { kind: 'malformed' };
}
