// Looks for many values in one pass, whole or a long enough part of them. Of each pattern a few
// places are chosen so that every long enough part holds one; a table of two bytes rules out most.
import { runLength } from '../runs.ts';
import { encodingsOf } from './encodings.ts';

const anchorBytes = 4;

interface Anchor {
  readonly pattern: Buffer;
  /** Where in the pattern these four bytes stand. */
  readonly at: number;
  /** So many bytes in a row are a find. */
  readonly needed: number;
  /** Number of the value. */
  readonly value: number;
}

export class ByteSearch {
  readonly #starts = new Uint8Array(65_536);
  readonly #byStart = new Map<number, Anchor[]>();

  constructor(values: readonly string[]) {
    for (const [value, text] of values.entries()) {
      const letters = runLength(text);
      // Letters of several bytes may all stand in the other part.
      const uneven = Buffer.byteLength(text) - text.length;
      for (const pattern of encodingsOf(text)) {
        const least = Math.floor((pattern.length * letters) / text.length) - uneven;
        const needed = Math.max(anchorBytes, least);
        const step = needed - anchorBytes + 1;
        for (let at = step - 1; at + anchorBytes <= pattern.length; at += step) {
          this.#add({ pattern, at, needed, value });
        }
      }
    }
  }

  /** Numbers of the values that lie in `bytes` in any encoding. */
  in(bytes: Uint8Array): ReadonlySet<number> {
    const found = new Set<number>();
    const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const starts = this.#starts;
    for (let at = 0; at + anchorBytes <= all.length; at += 1) {
      if (starts[((all[at] ?? 0) << 8) | (all[at + 1] ?? 0)] === 0) continue;
      for (const anchor of this.#byStart.get(all.readUInt32BE(at)) ?? []) {
        if (!found.has(anchor.value) && isRun(all, at, anchor)) found.add(anchor.value);
      }
    }
    return found;
  }

  #add(anchor: Anchor): void {
    const { pattern, at } = anchor;
    this.#starts[pattern.readUInt16BE(at)] = 1;
    const start = pattern.readUInt32BE(at);
    const known = this.#byStart.get(start);
    if (known) known.push(anchor);
    else this.#byStart.set(start, [anchor]);
  }
}

/** Whether enough of the pattern stands around its four bytes at `place`. */
function isRun(all: Buffer, place: number, { pattern, at, needed }: Anchor): boolean {
  let before = 0;
  while (before < at && all[place - before - 1] === pattern[at - before - 1]) before += 1;
  let after = anchorBytes;
  while (at + after < pattern.length && all[place + after] === pattern[at + after]) after += 1;
  return before + after >= needed;
}
