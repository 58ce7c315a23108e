// One column of integers: zigzag varints (LEB128), either as they are or as differences.
import { HandrailError } from '../errors/index.ts';

/** Grows as integers are added; safe integers only. */
export class ColumnWriter {
  #bytes = new Uint8Array(256);
  #length = 0;
  #last = 0;

  add(value: number): void {
    if (!Number.isSafeInteger(value)) {
      throw new HandrailError('input.invalid', 'A column holds whole numbers only.');
    }
    let rest = value >= 0 ? value * 2 : -value * 2 - 1;
    if (this.#length + 10 > this.#bytes.length) this.#grow();
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }

  addDelta(value: number): void {
    this.add(value - this.#last);
    this.#last = value;
  }

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

export class ColumnReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #last = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The next integer. Throws `format.truncated` at the end or for more than 53 bits. */
  next(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined || factor > 2 ** 49) {
        throw new HandrailError('format.truncated', 'A column of the segment ends too early.');
      }
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      factor *= 0x80;
    }
  }

  nextDelta(): number {
    this.#last += this.next();
    return this.#last;
  }

  atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }
}
