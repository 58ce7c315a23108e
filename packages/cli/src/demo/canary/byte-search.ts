// Looks for many byte patterns in one pass: a table of their first two bytes rules out nearly every
// place, so that the size of a folder costs more than the number of values.
import { encodingsOf } from './encodings.ts';

interface Pattern {
  readonly bytes: Buffer;
  /** Number of the value. */
  readonly value: number;
}

export class ByteSearch {
  readonly #starts = new Uint8Array(65_536);
  readonly #byStart = new Map<number, Pattern[]>();

  constructor(values: readonly string[]) {
    for (const [value, text] of values.entries()) {
      for (const bytes of encodingsOf(text)) {
        this.#starts[bytes.readUInt16BE(0)] = 1;
        const start = bytes.readUInt32BE(0);
        const known = this.#byStart.get(start);
        if (known) known.push({ bytes, value });
        else this.#byStart.set(start, [{ bytes, value }]);
      }
    }
  }

  /** Numbers of the values that lie in `bytes` in any encoding. */
  in(bytes: Uint8Array): ReadonlySet<number> {
    const found = new Set<number>();
    const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const starts = this.#starts;
    for (let at = 0; at + 4 <= all.length; at += 1) {
      if (starts[((all[at] ?? 0) << 8) | (all[at + 1] ?? 0)] === 0) continue;
      for (const { bytes: pattern, value } of this.#byStart.get(all.readUInt32BE(at)) ?? []) {
        if (all.subarray(at, at + pattern.length).equals(pattern)) found.add(value);
      }
    }
    return found;
  }
}
