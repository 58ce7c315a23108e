// The last checkpoint this vault believed, kept in its folder. A later one counts only if it
// continues it, is signed by the charter's log and, where freshness matters, was cosigned just now.
import { join } from 'node:path';
import { HandrailError } from '@handrail/core/errors';
import {
  type Checkpoint,
  type Cosignature,
  follow,
  type LedgerReader,
  parseCheckpoint,
  parseNote,
  parseVerifierLine,
  verifyCheckpoint,
} from '@handrail/core/ledger';
import type { Charter } from '@handrail/core/statement';
import { readPrivate, replacePrivate } from '../folder/private-file.ts';

/** Oldest cosignature that counts as fresh, and how far a witness's clock may run ahead. */
export const cosignedSecondsMax = 60;
const aheadSecondsMax = 5;
/** How far this machine's clock may be behind what the witnesses have said before. */
export const behindSecondsMax = 60;

const checkpointPath = (folder: string) => join(folder, 'checkpoint');

export class Checkpoints {
  readonly #folder: string;
  readonly #reader: LedgerReader;
  readonly #charter: () => Charter;
  readonly #nowMs: () => number;
  #last: Checkpoint | undefined;
  /** What as many witnesses as the quorum have agreed on to be past; Unix seconds. */
  #pastS: number;

  private constructor(
    folder: string,
    reader: LedgerReader,
    charter: () => Charter,
    nowMs: () => number,
    last: Checkpoint | undefined,
    pastS: number,
  ) {
    this.#folder = folder;
    this.#reader = reader;
    this.#charter = charter;
    this.#nowMs = nowMs;
    this.#last = last;
    this.#pastS = pastS;
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
    const pastS = bytes === undefined ? 0 : await pastIn(bytes, charter());
    return new Checkpoints(folder, reader, charter, nowMs, last, pastS);
  }

  get last(): Checkpoint | undefined {
    return this.#last;
  }

  /**
   * The newest checkpoint, kept durably before it is returned. Throws `ledger.unverified` with the
   * reason: unsigned, too few witnesses, stale cosignatures, a rollback or a fork, or a clock that
   * was turned back: what has expired must not come alive again.
   */
  async next(freshness: 'fresh' | 'any'): Promise<Checkpoint> {
    const nowS = Math.floor(this.#nowMs() / 1000);
    if (nowS + behindSecondsMax < this.#pastS) {
      throw new HandrailError('ledger.unverified', 'The clock is behind the witnesses: set it.');
    }
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
    this.#pastS = Math.max(this.#pastS, agreedPast(step.cosignatures, witnessQuorum));
    return step.checkpoint;
  }
}

async function pastIn(bytes: Uint8Array, charter: Charter): Promise<number> {
  const witnesses = charter.witnesses.map(parseVerifierLine);
  const log = parseVerifierLine(charter.logVerifier);
  const verdict = await verifyCheckpoint(bytes, log, witnesses, 0);
  const cosignatures = verdict.kind === 'verified' ? verdict.cosignatures : [];
  return agreedPast(cosignatures, charter.witnessQuorum);
}

/** Fewer than the quorum cannot move it, however far ahead they are; 0 without a quorum. */
function agreedPast(cosignatures: readonly Cosignature[], quorum: number): number {
  const times = cosignatures.map(({ timestampS }) => timestampS).sort((a, b) => b - a);
  return times[quorum - 1] ?? 0;
}
