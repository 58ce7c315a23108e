// Room on the disk is kept for what people take back: recordings and openings stop first, while
// withdrawals, erasures and halts still have somewhere to be written.
import { statfs } from 'node:fs/promises';
import { HandrailError } from '@handrail/core/errors';

const lookEveryMs = 1_000;

export class Room {
  readonly #folder: string;
  readonly #reserveBytes: number;
  readonly #nowMs: () => number;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #freeBytes = 0;

  /** `reserveBytes` of the disk that `folder` is on are kept. */
  constructor(folder: string, reserveBytes: number, nowMs: () => number) {
    this.#folder = folder;
    this.#reserveBytes = reserveBytes;
    this.#nowMs = nowMs;
  }

  /** Throws `storage.full` where less than the reserve is left. */
  async requireSpare(): Promise<void> {
    if (Math.abs(this.#nowMs() - this.#lookedAtMs) >= lookEveryMs) {
      const { bavail, bsize } = await statfs(this.#folder);
      this.#freeBytes = bavail * bsize;
      this.#lookedAtMs = this.#nowMs();
    }
    if (this.#freeBytes >= this.#reserveBytes) return;
    throw new HandrailError(
      'storage.full',
      'The disk is nearly full: free some space. Until then only taking back and stopping go on.',
    );
  }
}
