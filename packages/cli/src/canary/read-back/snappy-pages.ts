// Snappy as Parquet pages use it (google/snappy, format_description.txt). The footer is not asked
// for pages: every place where a block decodes to exactly its own length is one.

const blockBytesMax = 16 * 1024 * 1024;
const blockBytesMin = 8;
const parquetMark = 'PAR1';

/** The decoded pages of a Parquet file; nothing for other files. */
export function* snappyPages(bytes: Buffer): Generator<Buffer> {
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== parquetMark) return;
  for (let at = 4; at + 4 < bytes.length; ) {
    const block = snappyBlock(bytes, at);
    if (block === undefined) {
      at += 1;
      continue;
    }
    yield block.content;
    at = block.end;
  }
}

interface Block {
  readonly content: Buffer;
  readonly end: number;
}

function snappyBlock(bytes: Buffer, from: number): Block | undefined {
  const length = varint(bytes, from);
  if (!length || length.value < blockBytesMin || length.value > blockBytesMax) return undefined;
  if (length.value > (bytes.length - from) * 64) return undefined;
  const parts: number[] = [];
  let at = length.end;
  while (parts.length < length.value) {
    const element = elementAt(bytes, at);
    if (element === undefined || parts.length + element.length > length.value) return undefined;
    const { offset } = element;
    if (offset === undefined) {
      for (let i = 0; i < element.length; i += 1) parts.push(bytes[element.data + i] ?? 0);
    } else {
      if (offset === 0 || offset > parts.length) return undefined;
      for (let i = 0; i < element.length; i += 1) parts.push(parts[parts.length - offset] ?? 0);
    }
    at = element.end;
  }
  return { content: Buffer.from(parts), end: at };
}

interface Element {
  readonly length: number;
  /** How far back to copy from; undefined: the bytes at `data` themselves. */
  readonly offset: number | undefined;
  readonly data: number;
  readonly end: number;
}

function elementAt(bytes: Buffer, at: number): Element | undefined {
  const tag = bytes[at];
  if (tag === undefined) return undefined;
  const kind = tag & 3;
  const high = tag >> 2;
  if (kind === 0) return literalAt(bytes, at + 1, high);
  const size = [0, 1, 2, 4][kind] ?? 0;
  const end = at + 1 + size;
  if (end > bytes.length) return undefined;
  const low = bytes.readUIntLE(at + 1, size);
  const isShort = kind === 1;
  const length = isShort ? 4 + (high & 7) : 1 + high;
  return { length, offset: isShort ? ((high >> 3) << 8) | low : low, data: at, end };
}

function literalAt(bytes: Buffer, at: number, high: number): Element | undefined {
  const extra = high < 60 ? 0 : high - 59;
  if (at + extra > bytes.length) return undefined;
  const length = 1 + (extra === 0 ? high : bytes.readUIntLE(at, extra));
  const data = at + extra;
  const end = data + length;
  return end > bytes.length ? undefined : { length, offset: undefined, data, end };
}

function varint(bytes: Buffer, from: number) {
  let value = 0;
  for (let i = 0; i < 4; i += 1) {
    const byte = bytes[from + i];
    if (byte === undefined) return undefined;
    value |= (byte & 127) << (7 * i);
    if (byte < 128) return { value, end: from + i + 1 };
  }
  return undefined;
}
