// Reads values as D-Bus lays them out, little-endian, by their signature. They come from other
// programs: lengths, depth and every place in the message are checked.
import { HandrailError } from '@handrail/core/errors';
import { endOfType } from './write-value.ts';

const depthMax = 64;

type Reading = (bytes: Buffer, at: number) => unknown;

/** Types of a fixed length: their bytes, which are their alignment too, and how they are read. */
const fixed: Readonly<Record<string, readonly [number, Reading]>> = {
  y: [1, (bytes, at) => bytes.readUInt8(at)],
  b: [4, (bytes, at) => bytes.readUInt32LE(at) === 1],
  n: [2, (bytes, at) => bytes.readInt16LE(at)],
  q: [2, (bytes, at) => bytes.readUInt16LE(at)],
  i: [4, (bytes, at) => bytes.readInt32LE(at)],
  u: [4, (bytes, at) => bytes.readUInt32LE(at)],
  h: [4, (bytes, at) => bytes.readUInt32LE(at)],
  x: [8, (bytes, at) => bytes.readBigInt64LE(at)],
  t: [8, (bytes, at) => bytes.readBigUInt64LE(at)],
  d: [8, (bytes, at) => bytes.readDoubleLE(at)],
};

export class ValueReader {
  readonly #bytes: Buffer;
  #at: number;

  /** `bytes` is one whole message: alignment counts from its start. */
  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  /** Several values after each other; a variant is its value. Throws `input.invalid`. */
  values(signature: string, depth = 0): readonly unknown[] {
    const values: unknown[] = [];
    for (let from = 0; from < signature.length; from = endOfType(signature, from)) {
      values.push(this.#value(signature, from, depth));
    }
    return values;
  }

  byte(): number {
    this.#need(1);
    return this.#bytes[this.#at++] ?? 0;
  }

  word(): number {
    this.align(4);
    this.#need(4);
    this.#at += 4;
    return this.#bytes.readUInt32LE(this.#at - 4);
  }

  text(): string {
    return this.#letters(this.word());
  }

  /** Goes past a text without making it. */
  skipText(): void {
    const length = this.word();
    this.#need(length + 1);
    this.#at += length + 1;
  }

  signature(): string {
    return this.#letters(this.byte());
  }

  align(bytes: number): void {
    this.#at = Math.ceil(this.#at / bytes) * bytes;
  }

  #value(signature: string, from: number, depth: number): unknown {
    if (depth > depthMax) throw invalid();
    const type = signature.charAt(from);
    const known = fixed[type];
    if (known) return this.#fixed(...known);
    if (type === 's' || type === 'o') return this.text();
    if (type === 'g') return this.signature();
    if (type === 'a') return this.#array(signature, from + 1, depth + 1);
    if (type === 'v') return this.#variant(depth + 1);
    if (type !== '(' && type !== '{') throw invalid();
    this.align(8);
    return this.values(signature.slice(from + 1, endOfType(signature, from) - 1), depth + 1);
  }

  #fixed(bytes: number, read: Reading): unknown {
    this.align(bytes);
    this.#need(bytes);
    this.#at += bytes;
    return read(this.#bytes, this.#at - bytes);
  }

  #variant(depth: number): unknown {
    const [value] = this.values(this.signature(), depth);
    return value;
  }

  #array(signature: string, from: number, depth: number): readonly unknown[] {
    const length = this.word();
    this.align(alignmentOf(signature.charAt(from)));
    this.#need(length);
    const end = this.#at + length;
    const items: unknown[] = [];
    while (this.#at < end) {
      const before = this.#at;
      items.push(this.#value(signature, from, depth));
      // An item of no bytes, such as an empty struct, would never come to an end.
      if (this.#at === before) throw invalid();
    }
    if (this.#at !== end) throw invalid();
    return items;
  }

  #letters(length: number): string {
    this.#need(length + 1);
    const from = this.#at;
    this.#at += length + 1;
    return this.#bytes.toString('utf8', from, from + length);
  }

  #need(length: number): void {
    if (this.#at + length > this.#bytes.length) throw invalid();
  }
}

function alignmentOf(type: string): number {
  const known = fixed[type];
  if (known) return known[0];
  if (type === '(' || type === '{') return 8;
  return type === 'g' || type === 'v' ? 1 : 4;
}

function invalid(): HandrailError {
  return new HandrailError('input.invalid', 'A message of the bus has another form than it says.');
}
