// Who fails to sign in too often has to wait, whether or not what they try exists.

export const failuresMax = 10;
export const lockedMs = 300_000;
export const addressesMax = 10_000;

interface Failures {
  readonly count: number;
  readonly sinceMs: number;
}

export class Lockout {
  readonly #failures = new Map<string, Failures>();

  /** Whether `address` has to wait. */
  isLocked(address: string, nowMs: number): boolean {
    const known = this.#failures.get(address);
    if (known === undefined) return false;
    if (nowMs - known.sinceMs < lockedMs) return known.count >= failuresMax;
    this.#failures.delete(address);
    return false;
  }

  failed(address: string, nowMs: number): void {
    const known = this.#failures.get(address);
    const count = (known?.count ?? 0) + 1;
    if (known === undefined && this.#failures.size >= addressesMax) this.#forgetOldest();
    this.#failures.set(address, { count, sinceMs: known?.sinceMs ?? nowMs });
  }

  #forgetOldest(): void {
    const [oldest] = this.#failures.keys();
    if (oldest !== undefined) this.#failures.delete(oldest);
  }
}
