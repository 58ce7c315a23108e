// What was opened under each grant so far, kept durably before a key is used, so that no restart
// gives a grant more than its approvers allowed.
import { join } from 'node:path';
import { fromUtf8, utf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import type { Grant } from '@handrail/core/statement';
import { z } from 'zod';
import { type Refused, refuse } from '../checks/verdict.ts';
import { readPrivate, replacePrivate } from '../folder/private-file.ts';
import { type Turns, takeTurns } from '../folder/turns.ts';

const useSchema = z.strictObject({
  /** Each once, however often it was opened. */
  objects: z.array(z.string()),
  bytes: z.int().min(0),
  /** When the grant ends. */
  until: z.string(),
});
type Use = z.infer<typeof useSchema>;
const fileSchema = z.strictObject({ v: z.literal(1), uses: z.record(z.string(), useSchema) });

/** An ended grant opens nothing; its use is kept for as long as a clock may be wrong. */
const keptMs = 30 * 86_400_000;

const usesPath = (folder: string) => join(folder, 'grant-uses.json');

export interface Opened {
  /** A trajectory. */
  readonly id: string;
  /** Of the sealed object. */
  readonly bytes: number;
  readonly until: string;
  readonly nowMs: number;
}

export class GrantUses {
  readonly #folder: string;
  readonly #inTurn: Turns = takeTurns();
  #uses: Readonly<Record<string, Use>>;

  private constructor(folder: string, uses: Readonly<Record<string, Use>>) {
    this.#folder = folder;
    this.#uses = uses;
  }

  /** Throws `storage.broken`: a keeper that forgot what was opened must not start. */
  static async open(folder: string): Promise<GrantUses> {
    const bytes = await readPrivate(usesPath(folder));
    if (bytes === undefined) return new GrantUses(folder, {});
    try {
      return new GrantUses(folder, fileSchema.parse(JSON.parse(fromUtf8(bytes))).uses);
    } catch (cause) {
      throw new HandrailError('storage.broken', `${usesPath(folder)} is damaged.`, { cause });
    }
  }

  /** Counts one opening, durably when it returns; refuses what the grant has no room for. */
  charge(grant: Grant, opened: Opened): Promise<{ readonly kind: 'allowed' } | Refused> {
    return this.#inTurn(async () => {
      const before = this.#uses[grant.id] ?? { objects: [], bytes: 0 };
      const objects = [...new Set([...before.objects, opened.id])];
      const bytes = before.bytes + opened.bytes;
      if (objects.length > grant.objectsMax) return refuse('too-many-objects');
      if (bytes > grant.bytesMax) return refuse('too-many-bytes');
      const kept = Object.entries(this.#uses).filter(
        ([, { until }]) => Date.parse(until) + keptMs > opened.nowMs,
      );
      const { until } = opened;
      await this.#keep({ ...Object.fromEntries(kept), [grant.id]: { objects, bytes, until } });
      return { kind: 'allowed' };
    });
  }

  async #keep(uses: Readonly<Record<string, Use>>): Promise<void> {
    await replacePrivate(usesPath(this.#folder), utf8(JSON.stringify({ v: 1, uses })));
    this.#uses = uses;
  }
}
