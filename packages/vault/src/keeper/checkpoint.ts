// The last checkpoint this vault believed, kept in its folder. A later one counts only if it
// continues it, is signed by the charter's log and, where freshness matters, was cosigned just now.
import { join } from 'node:path';
import { HandrailError } from '@handrail/core/errors';
import {
  type Checkpoint,
  follow,
  type LedgerReader,
  parseCheckpoint,
  parseNote,
  parseVerifierLine,
} from '@handrail/core/ledger';
import type { Charter } from '@handrail/core/statement';
import { readPrivate, replacePrivate } from './private-file.ts';

/** Oldest cosignature that counts as fresh, and how far a witness's clock may run ahead. */
export const cosignedSecondsMax = 60;
const aheadSecondsMax = 5;

const checkpointPath = (folder: string) => join(folder, 'checkpoint');

export class Checkpoints {
  readonly #folder: string;
  readonly #reader: LedgerReader;
  readonly #charter: () => Charter;
  readonly #nowMs: () => number;
  #last: Checkpoint | undefined;

  private constructor(
    folder: string,
    reader: LedgerReader,
    charter: () => Charter,
    nowMs: () => number,
    last: Checkpoint | undefined,
  ) {
    this.#folder = folder;
    this.#reader = reader;
    this.#charter = charter;
    this.#nowMs = nowMs;
    this.#last = last;
  }

  /**
   * `charter` gives the one in force. Throws `storage.broken` for a damaged file: a vault must not
   * forget what it has seen.
   */
  static async open(
    folder: string,
    reader: LedgerReader,
    charter: () => Charter,
    nowMs: () => number,
  ): Promise<Checkpoints> {
    const bytes = await readPrivate(checkpointPath(folder));
    const note = bytes && parseNote(bytes);
    const last = note && parseCheckpoint(note.text);
    if (bytes !== undefined && last === undefined) {
      throw new HandrailError('storage.broken', `${checkpointPath(folder)} is damaged.`);
    }
    return new Checkpoints(folder, reader, charter, nowMs, last);
  }

  get last(): Checkpoint | undefined {
    return this.#last;
  }

  /**
   * The newest checkpoint, kept durably before it is returned. Throws `ledger.unverified` with the
   * reason: unsigned, too few witnesses, stale cosignatures, a rollback or a fork.
   */
  async next(freshness: 'fresh' | 'any'): Promise<Checkpoint> {
    const nowS = Math.floor(this.#nowMs() / 1000);
    const { logVerifier, witnesses, witnessQuorum } = this.#charter();
    const within = { fromS: nowS - cosignedSecondsMax, toS: nowS + aheadSecondsMax };
    const step = await follow(this.#reader, this.#last, {
      log: parseVerifierLine(logVerifier),
      witnesses: witnesses.map(parseVerifierLine),
      quorum: witnessQuorum,
      ...(freshness === 'fresh' ? { within } : {}),
    });
    if (step.kind === 'refused') {
      throw new HandrailError('ledger.unverified', `The checkpoint is refused: ${step.reason}.`);
    }
    if (step.checkpoint.size !== this.#last?.size) {
      await replacePrivate(checkpointPath(this.#folder), step.bytes);
    }
    this.#last = step.checkpoint;
    return step.checkpoint;
  }
}
