// The writer of the ledger. An append is answered only once its entries are on disk, signed, and
// cosigned by as many witnesses as the charter asks for, in a checkpoint that all can read.
import { setTimeout as delay } from 'node:timers/promises';
import { HandrailError } from '@handrail/core/errors';
import {
  addSignatures,
  appendEntries,
  checkpointPath,
  emptyEdge,
  type LogEdge,
  type NoteSigner,
  parseCheckpoint,
  parseNote,
  readEdge,
  signCheckpoint,
  type TreeHead,
  tileHashReader,
  type VerifierKey,
  verifierKey,
  verifyCheckpoint,
} from '@handrail/core/ledger';
import { within } from '../storage/within.ts';
import { type LedgerFiles, pendingPath } from './ledger-files.ts';
import type { Witness } from './witnesses.ts';

/** Entries that may wait for their turn. */
export const entriesWaitingMax = 8_192;
const entriesPerFlushMax = 1_024;
const cosignRetryMsMax = 2_000;
const recoverMsMax = 15_000;

export interface Appended {
  readonly firstIndex: number;
  /** Of the checkpoint that holds the entries. */
  readonly size: number;
}

interface Waiting {
  readonly entries: readonly Uint8Array[];
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
}

export interface LedgerOptions {
  readonly files: LedgerFiles;
  readonly signer: NoteSigner;
  readonly witnesses: readonly Witness[];
  readonly witnessQuorum: number;
}

export class LedgerLog implements AsyncDisposable {
  readonly files: LedgerFiles;
  readonly #options: LedgerOptions;
  readonly #key: VerifierKey;
  #edge: LogEdge;
  #publishedSize: number;
  #waiting: Waiting[] = [];
  #waitingEntries = 0;
  #running: Promise<void> | undefined;
  readonly #closing = new AbortController();

  private constructor(options: LedgerOptions, edge: LogEdge, publishedSize: number) {
    this.#options = options;
    this.files = options.files;
    this.#key = logKey(options.signer);
    this.#edge = edge;
    this.#publishedSize = publishedSize;
  }

  /** Recovers from the files. Throws `ledger.unverified` when they are not what was signed. */
  static async open(options: LedgerOptions): Promise<LedgerLog> {
    const { files, signer } = options;
    const key = logKey(signer);
    const published = await headIn(await files.readTile(checkpointPath), key);
    const pending = await headIn(await files.readPending(), key);
    // A witness may have seen the pending one: to go on from an older one would be a fork.
    const head = (pending?.size ?? -1) > (published?.size ?? -1) ? pending : published;
    const edge = head === undefined ? emptyEdge : await readEdge(files, head);
    const log = new LedgerLog(options, edge, published?.size ?? -1);
    if (head !== undefined && head !== published) await within(log.#publish(head), recoverMsMax);
    return log;
  }

  /** Entries that the published checkpoint covers. */
  get size(): number {
    return Math.max(0, this.#publishedSize);
  }

  /** Throws `rate.limited` when too many wait. Waits for witnesses as long as it takes. */
  append(entries: readonly Uint8Array[]): Promise<Appended> {
    if (this.#closing.signal.aborted || this.#waitingEntries + entries.length > entriesWaitingMax) {
      return Promise.reject(
        new HandrailError('rate.limited', 'The ledger is busy: try again in some seconds.'),
      );
    }
    const appended = new Promise<Appended>((resolve, reject) => {
      this.#waiting.push({ entries, resolve, reject });
    });
    this.#waitingEntries += entries.length;
    this.#running ??= this.#run();
    return appended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    // Everyone who asked in this turn of the loop goes into the same checkpoint.
    await delay(0);
    while (this.#waiting.length > 0) {
      const batch = this.#take();
      try {
        await this.#flush(batch);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#running = undefined;
  }

  #take(): Waiting[] {
    let entries = 0;
    let count = 0;
    for (const one of this.#waiting) {
      if (count > 0 && entries + one.entries.length > entriesPerFlushMax) break;
      entries += one.entries.length;
      count += 1;
    }
    this.#waitingEntries -= entries;
    return this.#waiting.splice(0, count);
  }

  async #flush(batch: readonly Waiting[]): Promise<void> {
    const { edge, head, files } = appendEntries(
      this.#edge,
      batch.flatMap(({ entries }) => entries),
    );
    await this.files.write(files);
    let index = this.#edge.size;
    const pending = await signCheckpoint(head, this.#options.signer);
    // Nobody can have seen what no witness is asked about.
    if (this.#options.witnesses.length > 0) {
      await this.files.write([{ path: pendingPath, bytes: pending }]);
    }
    this.#edge = edge;
    await this.#publish(head, pending);
    for (const { entries, resolve } of batch) {
      resolve({ firstIndex: index, size: head.size });
      index += entries.length;
    }
    const full = files.filter(({ path }) => path.startsWith('tile/') && !path.includes('.p/'));
    for (const { path } of full) await this.files.dropPartial(path);
  }

  /** Cosigns and publishes. Keeps asking: what witnesses may have seen cannot be taken back. */
  async #publish(head: TreeHead, signed?: Uint8Array): Promise<void> {
    const note = signed ?? (await signCheckpoint(head, this.#options.signer));
    const { witnesses, witnessQuorum } = this.#options;
    const hashes = tileHashReader(this.files, head.size);
    const question = { size: head.size, note, hashes, log: this.#key };
    for (let waitMs = 50; ; waitMs = Math.min(waitMs * 2, cosignRetryMsMax)) {
      const asked = await Promise.all(witnesses.map((witness) => witness.cosign(question)));
      const lines = asked.filter((line) => line !== undefined);
      if (lines.length >= witnessQuorum) {
        const bytes = addSignatures(note, lines);
        await this.files.write([{ path: checkpointPath, bytes }]);
        this.#publishedSize = head.size;
        return;
      }
      await delay(waitMs, undefined, { signal: this.#closing.signal }).catch((cause: unknown) => {
        throw new HandrailError('timeout', 'Too few witnesses answered: start them.', { cause });
      });
    }
  }
}

function logKey({ name, signer }: NoteSigner): VerifierKey {
  return verifierKey(name, signer.publicKey, 'ed25519');
}

async function headIn(bytes: Uint8Array | undefined, key: VerifierKey) {
  if (bytes === undefined) return undefined;
  const verdict = await verifyCheckpoint(bytes, key, [], 0);
  const note = parseNote(bytes);
  const checkpoint = note && parseCheckpoint(note.text);
  if (verdict.kind === 'verified' && checkpoint) return checkpoint;
  throw new HandrailError('ledger.unverified', 'A stored checkpoint is not signed by this log.');
}
