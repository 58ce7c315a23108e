// Writes values as D-Bus lays them out (specification 0.43, "Marshaling"), little-endian, by their
// signature. Buffers are used again: nothing is made for a value but its bytes.
import { HandrailError } from '@handrail/core/errors';

const bytesAtFirst = 65_536;
const bytesPerLetterMax = 3;

/** Alignment of each type; others are not written. */
const alignments: Readonly<Record<string, number>> = {
  y: 1,
  g: 1,
  b: 4,
  i: 4,
  u: 4,
  s: 4,
  o: 4,
  a: 4,
  '(': 8,
  '{': 8,
};

export class ValueWriter {
  #bytes = Buffer.allocUnsafe(bytesAtFirst);
  #at = 0;
  /** Where the message began: alignment counts from there. */
  #start = 0;

  get length(): number {
    return this.#at;
  }

  /** A message begins here. */
  begin(): void {
    this.#start = this.#at;
  }

  /** What was written so far, copied out; the writer is empty again. */
  take(): Buffer {
    const bytes = Buffer.from(this.#bytes.subarray(0, this.#at));
    this.#at = 0;
    this.#start = 0;
    return bytes;
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#at++] = value;
  }

  /** Room for a number that is known later; gives its place. */
  placeholder(): number {
    this.word(0);
    return this.#at - 4;
  }

  setWord(place: number, value: number): void {
    this.#bytes.writeUInt32LE(value, place);
  }

  word(value: number): void {
    this.align(4);
    this.#room(4);
    this.#bytes.writeUInt32LE(value >>> 0, this.#at);
    this.#at += 4;
  }

  text(value: string): void {
    const place = this.placeholder();
    this.setWord(place, this.#letters(value));
  }

  signature(value: string): void {
    const place = this.#at;
    this.byte(0);
    this.#bytes[place] = this.#letters(value);
  }

  align(bytes: number): void {
    this.#room(bytes);
    while ((this.#at - this.#start) % bytes !== 0) this.#bytes[this.#at++] = 0;
  }

  /** Several values after each other. Throws `internal` where they do not fit the signature. */
  values(signature: string, values: readonly unknown[]): void {
    let from = 0;
    for (const value of values) {
      this.#value(signature, from, value);
      from = endOfType(signature, from);
    }
    if (from !== signature.length) throw mismatch();
  }

  #value(signature: string, from: number, value: unknown): void {
    const type = signature.charAt(from);
    this.align(alignments[type] ?? 1);
    if (type === 's' || type === 'o') this.text(textOf(value));
    else if (type === 'g') this.signature(textOf(value));
    else if (type === 'i' || type === 'u') this.word(numberOf(value));
    else if (type === 'b') this.word(value === true ? 1 : 0);
    else if (type === 'y') this.byte(numberOf(value));
    else if (type === 'a') this.#array(signature, from + 1, value);
    else this.values(signature.slice(from + 1, endOfType(signature, from) - 1), listOf(value));
  }

  #array(signature: string, from: number, value: unknown): void {
    const place = this.placeholder();
    const type = signature.charAt(from);
    this.align(alignments[type] ?? 1);
    const start = this.#at;
    const items = type === '{' ? Object.entries(value ?? {}) : listOf(value);
    for (const item of items) this.#value(signature, from, item);
    this.setWord(place, this.#at - start);
  }

  #letters(value: string): number {
    this.#room(value.length * bytesPerLetterMax + 1);
    const written = this.#bytes.write(value, this.#at);
    this.#at += written;
    this.#bytes[this.#at++] = 0;
    return written;
  }

  #room(more: number): void {
    if (this.#at + more <= this.#bytes.length) return;
    const wider = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + more));
    this.#bytes.copy(wider, 0, 0, this.#at);
    this.#bytes = wider;
  }
}

/** Where the type that begins at `from` ends. Throws `internal` for a broken signature. */
export function endOfType(signature: string, from: number): number {
  const type = signature.charAt(from);
  if (type === 'a') return endOfType(signature, from + 1);
  if (type !== '(' && type !== '{') {
    if (type === '') throw mismatch();
    return from + 1;
  }
  const closing = type === '(' ? ')' : '}';
  let at = from + 1;
  while (signature.charAt(at) !== closing) at = endOfType(signature, at);
  return at + 1;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  throw mismatch();
}

function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  throw mismatch();
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw mismatch();
}

function mismatch(): HandrailError {
  return new HandrailError('internal', 'A value does not have the form of its signature.');
}
