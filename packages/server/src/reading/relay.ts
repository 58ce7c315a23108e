// Sealed chunks on their way from the vault to their reader: in memory only, a few at a time, and
// gone once the reader has asked for the next one, or may not read any more.
import { HandrailError } from '@handrail/core/errors';
import type { ReaderState } from '@handrail/core/wire';

export const readingsMax = 1_000;
/** Sum over all readings. */
export const heldBytesMax = 512 * 1024 * 1024;
/** A reading in which nothing happens for so long is forgotten. */
const forgottenMs = 900_000;

interface Held {
  readonly chunks: Map<number, Uint8Array>;
  readonly wakers: Set<() => void>;
  wanted: number;
  /** `closing`: the vault has handed over everything. */
  state: 'open' | 'closing' | 'ended';
  touchedMs: number;
}

export class ReadingRelay {
  readonly #held = new Map<string, Held>();
  readonly #nowMs: () => number;
  #bytes = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Throws `rate.limited` when more waits for its readers than may. */
  put(reading: string, number: number, box: Uint8Array): void {
    const held = this.#touch(reading);
    if (held.state !== 'open' || number < held.wanted || held.chunks.has(number)) return;
    if (this.#bytes + box.length > heldBytesMax) throw tooMany();
    this.#bytes += box.length;
    held.chunks.set(number, box);
    wake(held);
  }

  /**
   * Chunk `number`, once it is there; those before it are dropped. Undefined: there will be none.
   * Throws `timeout` after `waitMs`.
   */
  async fetch(reading: string, number: number, waitMs: number): Promise<Uint8Array | undefined> {
    const held = this.#touch(reading);
    held.wanted = Math.max(held.wanted, number);
    for (const earlier of held.chunks.keys()) if (earlier < number) this.#drop(held, earlier);
    wake(held);
    const there = () => held.chunks.has(number) || held.state !== 'open';
    if (await until(held, there, waitMs)) return held.chunks.get(number);
    throw new HandrailError('timeout', 'The vault has not made this yet: ask again.');
  }

  /** What the vault has to know before it makes more; waits for the reader to want `wanted`. */
  async reader(reading: string, wanted: number, waitMs: number): Promise<ReaderState> {
    const held = this.#touch(reading);
    await until(held, () => held.wanted >= wanted || held.state !== 'open', waitMs);
    return { wanted: held.wanted, open: held.state === 'open' };
  }

  /** Nothing more comes; what is there may still be fetched. */
  close(reading: string): void {
    const held = this.#held.get(reading);
    if (held?.state !== 'open') return;
    held.state = 'closing';
    wake(held);
  }

  /** Drops what was not fetched. */
  end(reading: string): void {
    const held = this.#touch(reading);
    held.state = 'ended';
    for (const number of held.chunks.keys()) this.#drop(held, number);
    wake(held);
  }

  #touch(reading: string): Held {
    const nowMs = this.#nowMs();
    const known = this.#held.get(reading);
    if (known) {
      known.touchedMs = nowMs;
      return known;
    }
    this.#forget(nowMs);
    if (this.#held.size >= readingsMax) throw tooMany();
    const held: Held = {
      ...{ chunks: new Map(), wakers: new Set(), wanted: -1, state: 'open' },
      touchedMs: nowMs,
    };
    this.#held.set(reading, held);
    return held;
  }

  #forget(nowMs: number): void {
    for (const [reading, held] of this.#held) {
      if (nowMs - held.touchedMs < forgottenMs) continue;
      this.end(reading);
      this.#held.delete(reading);
    }
  }

  #drop({ chunks }: Held, number: number): void {
    this.#bytes -= chunks.get(number)?.length ?? 0;
    chunks.delete(number);
  }
}

function wake({ wakers }: Held): void {
  for (const waker of wakers) waker();
}

/** False when `isSo` is not so after `waitMs`. */
async function until({ wakers }: Held, isSo: () => boolean, waitMs: number): Promise<boolean> {
  if (isSo()) return true;
  await new Promise<void>((resolve) => {
    const settle = () => {
      clearTimeout(timer);
      wakers.delete(look);
      resolve();
    };
    const look = () => {
      if (isSo()) settle();
    };
    const timer = setTimeout(settle, waitMs);
    wakers.add(look);
  });
  return isSo();
}

function tooMany(): HandrailError {
  return new HandrailError('rate.limited', 'Too much is being read: close a reading first.');
}
