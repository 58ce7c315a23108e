// A signed request counts once. Nonces are kept as long as their signature could still be taken,
// and when too many are kept, nothing more is taken.
import { HandrailError } from '@handrail/core/errors';
import { signatureAgeSecondsMax, type VerifiedRequest } from '@handrail/core/wire';

export const noncesMax = 600_000;

export class ReplayList {
  readonly #startedSeconds: number;
  readonly #bySecond = new Map<number, Set<string>>();
  #count = 0;
  #sweptSeconds = 0;

  /** Nothing signed before `startedSeconds` is taken: the list before this one is lost. */
  constructor(startedSeconds: number) {
    this.#startedSeconds = startedSeconds;
  }

  /** False when the request was seen before, or cannot be told from one that was. */
  firstTime({ nonce, createdSeconds }: VerifiedRequest, nowSeconds: number): boolean {
    if (createdSeconds < this.#startedSeconds) return false;
    this.#sweep(nowSeconds);
    if (this.#count >= noncesMax) {
      throw new HandrailError('rate.limited', 'Too many requests: try again in a minute.');
    }
    const seen = this.#bySecond.get(createdSeconds) ?? new Set();
    this.#bySecond.set(createdSeconds, seen);
    if (seen.has(nonce)) return false;
    seen.add(nonce);
    this.#count += 1;
    return true;
  }

  #sweep(nowSeconds: number): void {
    if (nowSeconds === this.#sweptSeconds) return;
    this.#sweptSeconds = nowSeconds;
    for (const [second, seen] of this.#bySecond) {
      if (second >= nowSeconds - signatureAgeSecondsMax) continue;
      this.#bySecond.delete(second);
      this.#count -= seen.size;
    }
  }
}
