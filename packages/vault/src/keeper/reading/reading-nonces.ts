// Nonces for reading sessions. A session counts only with one of the last few, and once: a session
// that was signed long ago, or has opened something, opens nothing, also after a restart.
import { randomBytes } from 'node:crypto';
import { toBase64url } from '@handrail/core/bytes';

const nonceBytes = 32;
export const nonceSecondsMax = 300;
/** Sessions that one nonce may open. */
const sessionsPerNonceMax = 10_000;

interface Made {
  readonly nonce: string;
  readonly madeMs: number;
  readonly spent: Set<string>;
}

export class ReadingNonces {
  #made: readonly Made[] = [];

  /** A new one, good from now on. */
  next(nowMs: number): string {
    const nonce = toBase64url(randomBytes(nonceBytes));
    this.#made = [...this.#made.filter((one) => isFresh(one, nowMs)), newNonce(nonce, nowMs)];
    return nonce;
  }

  knows(nonce: string, nowMs: number): boolean {
    return this.#find(nonce, nowMs) !== undefined;
  }

  /** True once for each session (`digest`) that names a nonce of now. */
  spend(nonce: string, digest: string, nowMs: number): boolean {
    const made = this.#find(nonce, nowMs);
    if (made === undefined || made.spent.has(digest)) return false;
    if (made.spent.size >= sessionsPerNonceMax) return false;
    made.spent.add(digest);
    return true;
  }

  #find(nonce: string, nowMs: number): Made | undefined {
    return this.#made.find((one) => one.nonce === nonce && isFresh(one, nowMs));
  }
}

function newNonce(nonce: string, madeMs: number): Made {
  return { nonce, madeMs, spent: new Set() };
}

function isFresh({ madeMs }: Made, nowMs: number): boolean {
  return Math.abs(nowMs - madeMs) <= nonceSecondsMax * 1000;
}
