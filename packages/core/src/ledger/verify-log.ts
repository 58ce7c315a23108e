// Reads a whole exported ledger through: every entry is hashed again, every tile is made again and
// compared, and the root must be the signed one. Says all that is wrong, not only the first.
import { equalBytes, toHex } from '../bytes/index.ts';
import { HandrailError } from '../errors/index.ts';
import {
  edgeRoot,
  emptyEdge,
  growFull,
  type LedgerFile,
  type LogEdge,
  partialFiles,
} from './append.ts';
import { readBundleEntries } from './bundle-reader.ts';
import {
  type Checkpoint,
  type CheckpointRefusal,
  type Cosignature,
  parseCheckpoint,
  verifyCheckpoint,
} from './checkpoint.ts';
import { checkpointPath } from './client.ts';
import { decodeEntry } from './entry.ts';
import { emptyRoot } from './hash.ts';
import { parseNote } from './note.ts';
import type { VerifierKey } from './note-key.ts';
import { bundleAt, tilePath, tileWidth } from './tile.ts';
import type { LedgerReader } from './tile-reader.ts';

/** How many problems are listed at most. */
export const logProblemsMax = 100;

export type LogProblem =
  | { readonly kind: 'checkpoint-missing' }
  | { readonly kind: 'checkpoint-refused'; readonly reason: CheckpointRefusal }
  /** The checkpoint covers more entries than there are, or a bundle is cut. */
  | { readonly kind: 'entries-missing'; readonly path: string }
  /** The bytes are covered by the root but are no entry of a version known here. */
  | { readonly kind: 'entry-unreadable'; readonly index: number }
  | { readonly kind: 'tile-missing'; readonly path: string }
  | { readonly kind: 'tile-wrong'; readonly path: string }
  | { readonly kind: 'root-mismatch'; readonly computed: string };

export interface LogReport {
  readonly origin: string;
  readonly size: number;
  /** Root that the checkpoint states, 32 bytes. */
  readonly root: Uint8Array;
  readonly cosignatures: readonly Cosignature[];
  /** Empty only if everything holds. */
  readonly problems: readonly LogProblem[];
}

export interface VerifyLogOptions {
  readonly witnesses?: readonly VerifierKey[];
  /** How many of `witnesses` must have cosigned; 0 by default. */
  readonly quorum?: number;
  /** `any` accepts entries of other logs too. */
  readonly entries?: 'handrail' | 'any';
}

/** Verifies everything that `reader` holds of a ledger. Throws only when reading itself breaks. */
export async function verifyLog(
  reader: LedgerReader,
  log: VerifierKey,
  options: VerifyLogOptions = {},
): Promise<LogReport> {
  const problems = new Problems();
  const bytes = await reader.readTile(checkpointPath);
  if (bytes === undefined) return emptyReport({ kind: 'checkpoint-missing' });
  const { witnesses = [], quorum = 0, entries = 'handrail' } = options;
  const verdict = await verifyCheckpoint(bytes, log, witnesses, quorum);
  if (verdict.kind === 'refused') {
    problems.add({ kind: 'checkpoint-refused', reason: verdict.reason });
  }
  const checkpoint = verdict.kind === 'verified' ? verdict.checkpoint : unverified(bytes);
  if (checkpoint === undefined) {
    return emptyReport({ kind: 'checkpoint-refused', reason: 'malformed' });
  }
  await readThrough(reader, checkpoint, problems, entries);
  const cosignatures = verdict.kind === 'verified' ? verdict.cosignatures : [];
  const { origin, size, root } = checkpoint;
  return { origin, size, root, cosignatures, problems: problems.list };
}

async function readThrough(
  reader: LedgerReader,
  { size, root }: Checkpoint,
  problems: Problems,
  form: 'handrail' | 'any',
): Promise<void> {
  let edge: LogEdge = emptyEdge;
  for (let index = 0; index * tileWidth < size; index++) {
    const entries = await entriesOf(reader, index, size, problems);
    if (entries === undefined) return;
    if (form === 'handrail') checkEntries(entries, index * tileWidth, problems);
    const grown = growFull(edge, entries);
    for (const file of grown.files) await compareTile(reader, file, problems);
    edge = grown.edge;
  }
  for (const file of partialFiles(edge)) await compareTile(reader, file, problems);
  const computed = edgeRoot(edge);
  if (!equalBytes(computed, root)) {
    problems.add({ kind: 'root-mismatch', computed: toHex(computed) });
  }
}

async function entriesOf(
  reader: LedgerReader,
  index: number,
  size: number,
  problems: Problems,
): Promise<Uint8Array[] | undefined> {
  const bundle = bundleAt(index, size);
  if (bundle === undefined) return undefined;
  try {
    return await readBundleEntries(reader, bundle);
  } catch (error) {
    if (!(error instanceof HandrailError) || error.code !== 'ledger.unverified') throw error;
    problems.add({ kind: 'entries-missing', path: tilePath(bundle) });
    return undefined;
  }
}

async function compareTile(
  reader: LedgerReader,
  { path, bytes }: LedgerFile,
  problems: Problems,
): Promise<void> {
  if (path.startsWith('tile/entries/')) return;
  const partial = /^(.*)\.p\/[0-9]+$/.exec(path);
  const exact = await reader.readTile(path);
  const full = exact ?? (partial?.[1] ? await reader.readTile(partial[1]) : undefined);
  const stored = exact ?? full?.slice(0, bytes.length);
  if (stored === undefined) problems.add({ kind: 'tile-missing', path });
  else if (!equalBytes(stored, bytes)) problems.add({ kind: 'tile-wrong', path });
}

function checkEntries(entries: readonly Uint8Array[], from: number, problems: Problems): void {
  for (const [at, entry] of entries.entries()) {
    try {
      decodeEntry(entry);
    } catch {
      problems.add({ kind: 'entry-unreadable', index: from + at });
    }
  }
}

/** What a checkpoint says although its signatures do not hold, to say what else is wrong. */
function unverified(bytes: Uint8Array): Checkpoint | undefined {
  const note = parseNote(bytes);
  return note && parseCheckpoint(note.text);
}

function emptyReport(problem: LogProblem): LogReport {
  return { origin: '', size: 0, root: emptyRoot, cosignatures: [], problems: [problem] };
}

class Problems {
  readonly list: LogProblem[] = [];

  add(problem: LogProblem): void {
    if (this.list.length < logProblemsMax) this.list.push(problem);
  }
}
