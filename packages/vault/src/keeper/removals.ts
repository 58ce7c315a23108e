// Which trajectories were replaced because a bystander is not to be seen in them. Those are never
// opened again, whoever kept their ciphertext; written down before the server hears of it.
import { join } from 'node:path';
import { fromUtf8, utf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { digestSchema, idSchema } from '@handrail/core/statement';
import { z } from 'zod';
import { readPrivate, replacePrivate } from './folder/private-file.ts';
import { type Turns, takeTurns } from './folder/turns.ts';

const removalSchema = z.strictObject({
  replaced: z.array(
    z.strictObject({
      old: idSchema('traj'),
      next: idSchema('traj'),
      pseudonym: idSchema('part'),
      consentEpoch: z.int().min(1),
      /** What it was made of. */
      segments: z.array(idSchema('seg')),
    }),
  ),
  /** How many, rounded down; of less than k participants, none. */
  counted: z.int().min(0),
  /** Whether all that the server named could be looked at. */
  isWhole: z.boolean(),
  /** The ledger's entry, and its salt. */
  index: z.int().min(0),
  salt: z.string(),
});
/** What became of one request. */
export type Removal = z.infer<typeof removalSchema>;
const fileSchema = z.strictObject({
  v: z.literal(1),
  removals: z.record(digestSchema, removalSchema),
});

const removalsMax = 10_000;
const pathIn = (folder: string) => join(folder, 'removals.json');

export class Removals {
  readonly #folder: string;
  readonly #inTurn: Turns = takeTurns();
  readonly #byRequest: Map<string, Removal>;
  readonly #next = new Map<string, string>();
  readonly #segments = new Set<string>();

  private constructor(folder: string, removals: Readonly<Record<string, Removal>>) {
    this.#folder = folder;
    this.#byRequest = new Map(Object.entries(removals));
    for (const removal of this.#byRequest.values()) this.#follow(removal);
  }

  /** Throws `storage.broken`: a keeper that forgot what was replaced must not start. */
  static async open(folder: string): Promise<Removals> {
    const bytes = await readPrivate(pathIn(folder));
    if (bytes === undefined) return new Removals(folder, {});
    try {
      return new Removals(folder, fileSchema.parse(JSON.parse(fromUtf8(bytes))).removals);
    } catch (cause) {
      throw new HandrailError('storage.broken', `${pathIn(folder)} is damaged.`, { cause });
    }
  }

  /** Whether another has taken the place of this trajectory. */
  has(trajectory: string): boolean {
    return this.#next.has(trajectory);
  }

  /** Whether a trajectory that was replaced had been made of this segment. */
  hasSegment(segment: string): boolean {
    return this.#segments.has(segment);
  }

  /** The one that has its place now; undefined where it was not replaced. */
  next(trajectory: string): string | undefined {
    let next = this.#next.get(trajectory);
    for (let after = next; after !== undefined; after = this.#next.get(after)) next = after;
    return next;
  }

  of(request: string): Removal | undefined {
    return this.#byRequest.get(request);
  }

  /** Durable when it returns; what a request came to stays so. */
  put(request: string, removal: Removal): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#byRequest.has(request)) return;
      if (this.#byRequest.size >= removalsMax) {
        throw new HandrailError('storage.full', `At most ${removalsMax} requests are remembered.`);
      }
      const removals = { ...Object.fromEntries(this.#byRequest), [request]: removal };
      await replacePrivate(pathIn(this.#folder), utf8(JSON.stringify({ v: 1, removals })));
      this.#byRequest.set(request, removal);
      this.#follow(removal);
    });
  }

  #follow({ replaced }: Removal): void {
    for (const { old, next, segments } of replaced) {
      this.#next.set(old, next);
      for (const segment of segments) this.#segments.add(segment);
    }
  }
}
