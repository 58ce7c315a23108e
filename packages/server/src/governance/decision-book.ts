// Decisions about opening, reading and deciding go on record: gathered for some seconds, kept for
// some days, and committed to by one ledger entry a batch. No decision waits for it; where it has
// no room left, nothing opens.
import { setTimeout as delay } from 'node:timers/promises';
import { fromUtf8, toBase64url, utf8 } from '@handrail/core/bytes';
import { canonicalBytes, canonicalJson } from '@handrail/core/canonical-json';
import { HandrailError } from '@handrail/core/errors';
import { commitment, encodeEntry, type LedgerEntry, saltBytes } from '@handrail/core/ledger';
import { type DecisionBatch, type DecisionRow, decisionDaysKept } from '@handrail/policy/record';
import type { Ground } from '../context.ts';
import { within } from '../storage/within.ts';
import { dayOf, instantOf } from './instant.ts';

/** Different decisions that may wait to be committed to. */
export const decisionsWaitingMax = 4_096;
const rowsPerBatchMax = 256;
const gatherMs = 5_000;
const closingMsMax = 2_000;
const dayMs = 86_400_000;

type BookGround = Pick<Ground, 'objects' | 'ledger' | 'room' | 'randomBytes' | 'nowMs' | 'log'>;

/** What a batch's entry commits to, with the salt that shows it. */
export interface KeptBatch {
  /** base64url of 32 bytes. */
  readonly salt: string;
  readonly batch: DecisionBatch;
}

export class DecisionBook implements AsyncDisposable {
  readonly #ground: BookGround;
  /** By their text: what is asked again while it waits is one decision. */
  readonly #waiting = new Map<string, DecisionRow>();
  #missed = 0;
  #running: Promise<void> | undefined;
  #committing: Promise<void> | undefined;
  readonly #closing = new AbortController();

  constructor(ground: BookGround) {
    this.#ground = ground;
  }

  /** False: there is no room for it. */
  take(row: DecisionRow): boolean {
    const text = canonicalJson(row);
    if (!this.#waiting.has(text) && this.#waiting.size >= decisionsWaitingMax) {
      this.#missed += 1;
      return false;
    }
    this.#waiting.set(text, row);
    this.#running ??= this.#run();
    return true;
  }

  /** Commits to all that waits. Throws `storage.full`, `storage.broken`, `rate.limited`. */
  commit(): Promise<void> {
    this.#committing ??= this.#commitAll().finally(() => {
      this.#committing = undefined;
    });
    return this.#committing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await within(this.commit(), closingMsMax).catch(() => {
      this.#ground.log.error({ decisions: this.#waiting.size }, 'decisions were not recorded');
    });
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (this.#waiting.size > 0 && !signal.aborted) {
      await delay(gatherMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) break;
      await this.commit().catch((error: unknown) => {
        const kind = error instanceof HandrailError ? error.code : 'internal';
        this.#ground.log.error({ kind }, 'decisions wait to be recorded');
      });
    }
    this.#running = undefined;
  }

  async #commitAll(): Promise<void> {
    while (this.#waiting.size > 0) await this.#commitSome();
  }

  async #commitSome(): Promise<void> {
    const { objects, ledger, room, randomBytes, nowMs } = this.#ground;
    // By their text, so that the order says nothing.
    const rows = [...this.#waiting].slice(0, rowsPerBatchMax).sort(([a], [b]) => (a < b ? -1 : 1));
    const missed = this.#missed;
    const batch: DecisionBatch = { v: 1, decisions: rows.map(([, row]) => row), missed };
    const salt = randomBytes(saltBytes);
    const at = instantOf(nowMs());
    const committed = commitment(salt, canonicalBytes(batch));
    const entry = { v: 1, kind: 'decisions.recorded', at, commitment: committed } as const;
    await room.requireSpare();
    const kept: KeptBatch = { salt: toBase64url(salt), batch };
    await objects.put(keyOf(entry), utf8(JSON.stringify(kept)));
    // Rows stay where this fails: the entry may have been written, and be published later.
    await ledger.append([encodeEntry(entry)]);
    for (const [text] of rows) this.#waiting.delete(text);
    this.#missed -= missed;
  }
}

/** Undefined once it was deleted. */
export async function batchBehind(
  { objects }: Pick<Ground, 'objects'>,
  entry: LedgerEntry,
): Promise<KeptBatch | undefined> {
  const bytes = await objects.get(keyOf(entry));
  return bytes && (JSON.parse(fromUtf8(bytes)) as KeptBatch);
}

/** Deletes rows and salts past their days. Gives how many batches that were. */
export async function forgetDecisions({
  objects,
  nowMs,
}: Pick<Ground, 'objects' | 'nowMs'>): Promise<number> {
  const firstKept = dayOf(nowMs() - decisionDaysKept * dayMs);
  let deleted = 0;
  for await (const key of objects.list('decisions/')) {
    if ((key.split('/')[1] ?? '') >= firstKept) continue;
    await objects.delete(key);
    deleted += 1;
  }
  return deleted;
}

// A commitment may begin with a dash, which no key may.
function keyOf({ at, commitment: committed = '' }: LedgerEntry): string {
  return `decisions/${at.slice(0, 10)}/c${committed}`;
}
