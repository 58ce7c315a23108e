// The text strings of CBOR (RFC 8949), by the name before them: enough to put together what was cut
// up, also in strings of indefinite length. Bytes that are no CBOR give nothing.
import { PieceBook, type Pieces } from './pieces.ts';

const itemsMax = 1_000_000;
const depthMax = 64;

class NotCbor extends Error {}

export function cborPieces(bytes: Buffer): Pieces {
  const pieces = new PieceBook();
  try {
    const reader = new Reader(bytes, pieces);
    while (!reader.isAtEnd) reader.item('', 0);
    return reader.items > 1 ? pieces : new PieceBook();
  } catch (error) {
    if (error instanceof NotCbor || error instanceof RangeError) return new PieceBook();
    throw error;
  }
}

class Reader {
  items = 0;
  readonly #bytes: Buffer;
  readonly #pieces: PieceBook;
  #at = 0;

  constructor(bytes: Buffer, pieces: PieceBook) {
    this.#bytes = bytes;
    this.#pieces = pieces;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** Reads one item that stands under `name`; gives its text, if it is one. */
  item(name: string, depth: number): string | undefined {
    this.items += 1;
    if (this.items > itemsMax || depth > depthMax) throw new NotCbor();
    const head = this.#bytes.readUInt8(this.#at++);
    const [major, minor] = [head >> 5, head & 31];
    const length = minor === 31 ? undefined : this.#argument(minor);
    if (major === 2 || major === 3) return this.#text(name, major, length, depth);
    if (major === 4) this.#each(length, () => this.item(name, depth + 1));
    if (major === 5) {
      this.#each(length, () => this.item(this.item('', depth + 1) ?? name, depth + 1));
    }
    if (major === 6) return this.item(name, depth + 1);
    return undefined;
  }

  #text(name: string, major: number, length: number | undefined, depth: number) {
    if (length === undefined) {
      this.#each(undefined, () => this.item(name, depth + 1));
      return undefined;
    }
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new NotCbor();
    const text = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end;
    if (major === 2) return undefined;
    this.#pieces.add(name, text);
    return text;
  }

  #each(count: number | undefined, read: () => void): void {
    for (let done = 0; count === undefined || done < count; done += 1) {
      if (count === undefined && this.#bytes[this.#at] === 0xff) {
        this.#at += 1;
        return;
      }
      read();
    }
  }

  #argument(minor: number): number {
    if (minor < 24) return minor;
    const size = [1, 2, 4, 8][minor - 24];
    if (size === undefined) throw new NotCbor();
    const from = this.#at;
    this.#at += size;
    if (size === 8) return Number(this.#bytes.readBigUInt64BE(from));
    return this.#bytes.readUIntBE(from, size);
  }
}
