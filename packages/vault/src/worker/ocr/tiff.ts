// Several grey pages as one TIFF (revision 6.0, baseline, uncompressed): what tesseract takes over
// standard input without writing any of it to disk.
import type { Page } from './engine.ts';

const headerBytes = 8;
const fieldBytes = 12;
const short = 3;
const long = 4;

export function tiffOf(pages: readonly Page[]): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write('II*\0', 'latin1');
  const parts: Uint8Array[] = [header];
  let offset = headerBytes;
  let pointer: { readonly part: Buffer; readonly at: number } = { part: header, at: 4 };
  for (const page of pages) {
    const data = page.grey;
    const padding = Buffer.alloc(data.length & 1);
    const directory = directoryOf(page, offset);
    parts.push(data, padding, directory);
    offset += data.length + padding.length;
    pointer.part.writeUInt32LE(offset, pointer.at);
    pointer = { part: directory, at: directory.length - 4 };
    offset += directory.length;
  }
  return Buffer.concat(parts);
}

/** The fields of one page, in order of their tags. */
function directoryOf({ width, height, grey }: Page, dataAt: number): Buffer {
  const fields: readonly (readonly [tag: number, kind: number, value: number])[] = [
    [256, long, width],
    [257, long, height],
    [258, short, 8],
    [259, short, 1],
    [262, short, 1],
    [273, long, dataAt],
    [277, short, 1],
    [278, long, height],
    [279, long, grey.length],
  ];
  const bytes = Buffer.alloc(2 + fields.length * fieldBytes + 4);
  bytes.writeUInt16LE(fields.length, 0);
  for (const [nth, [tag, kind, value]] of fields.entries()) {
    const at = 2 + nth * fieldBytes;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(kind, at + 2);
    bytes.writeUInt32LE(1, at + 4);
    if (kind === short) bytes.writeUInt16LE(value, at + 8);
    else bytes.writeUInt32LE(value, at + 8);
  }
  return bytes;
}
