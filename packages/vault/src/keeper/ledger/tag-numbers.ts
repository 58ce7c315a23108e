// The numbers of one-time tags, counted per participant and consent epoch. A number is durably
// spent before it is used, and none runs further ahead of the ledger than a device looks.
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fromUtf8, utf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { tagGapMax } from '@handrail/core/opening';
import { z } from 'zod';
import { readPrivate, replacePrivate } from '../folder/private-file.ts';
import { takeTurns } from '../folder/turns.ts';
import type { ParticipantEpoch } from '../keys/keyring.ts';

/** Numbers that are spent by one line of the file, used or not. */
const reservedAtOnce = 16;
/** Lines over one for each owner before the file is written anew. */
const spareLinesMax = 50_000;

const lineSchema = z.tuple([z.string(), z.int().min(0), z.int().min(0)]);
const numbersPath = (folder: string) => join(folder, 'tag-numbers');

interface Counter {
  next: number;
  /** Numbers below this are durably spent. */
  upTo: number;
  /** Numbers below this surely stand in the ledger, one of them at least. */
  proven: number;
}

export class TagNumbers {
  readonly #folder: string;
  readonly #counters: Map<string, Counter>;
  readonly #inTurn = takeTurns();
  #lines: number;

  private constructor(folder: string, counters: Map<string, Counter>) {
    this.#folder = folder;
    this.#counters = counters;
    this.#lines = counters.size;
  }

  /** Throws `storage.broken` for a damaged file: numbers must not be spent twice. */
  static async open(folder: string): Promise<TagNumbers> {
    const counters = await readCounters(folder);
    await compact(folder, counters);
    return new TagNumbers(folder, counters);
  }

  /** One number for each of `owners`, durably spent when they are returned. */
  take(owners: readonly ParticipantEpoch[]): Promise<number[]> {
    return this.#inTurn(async () => {
      const lines: string[] = [];
      const numbers = owners.map((owner) => {
        const name = nameOf(owner);
        const counter = this.#counters.get(name) ?? { next: 0, upTo: 0, proven: 0 };
        this.#counters.set(name, counter);
        // Whatever fails again and again must not lead its participant's device astray: then the
        // last number is given again, and links nothing but these tries.
        const number = Math.min(counter.next, counter.proven + tagGapMax - 1);
        counter.next = number + 1;
        if (number >= counter.upTo) {
          counter.upTo = number + reservedAtOnce;
          lines.push(lineOf(name, counter));
        }
        return number;
      });
      if (lines.length > 0) await this.#spend(lines);
      return numbers;
    });
  }

  /** `number` of `owner` was seen in a checkpoint. */
  prove(owner: ParticipantEpoch, number: number): void {
    const counter = this.#counters.get(nameOf(owner));
    if (counter) counter.proven = Math.max(counter.proven, number + 1);
  }

  async #spend(lines: readonly string[]): Promise<void> {
    const file = await open(numbersPath(this.#folder), 'a');
    try {
      await file.write(lines.join(''));
      await file.datasync();
    } finally {
      await file.close();
    }
    this.#lines += lines.length;
    if (this.#lines <= this.#counters.size + spareLinesMax) return;
    await compact(this.#folder, this.#counters);
    this.#lines = this.#counters.size;
  }
}

async function readCounters(folder: string): Promise<Map<string, Counter>> {
  const bytes = await readPrivate(numbersPath(folder));
  const counters = new Map<string, Counter>();
  // What follows the last line break was cut off before any of its numbers was used.
  const lines = bytes === undefined ? [] : fromUtf8(bytes).split('\n').slice(0, -1);
  for (const line of lines) {
    try {
      const [name, proven, upTo] = lineSchema.parse(JSON.parse(line));
      counters.set(name, { next: upTo, upTo, proven });
    } catch (cause) {
      throw new HandrailError('storage.broken', `${numbersPath(folder)} is damaged.`, { cause });
    }
  }
  return counters;
}

async function compact(folder: string, counters: ReadonlyMap<string, Counter>): Promise<void> {
  const lines = [...counters].map(([name, counter]) => lineOf(name, counter));
  await replacePrivate(numbersPath(folder), utf8(lines.join('')));
}

function lineOf(name: string, { proven, upTo }: Counter): string {
  return `${JSON.stringify([name, proven, upTo])}\n`;
}

function nameOf({ pseudonym, consentEpoch }: ParticipantEpoch): string {
  return `${pseudonym} ${consentEpoch}`;
}
