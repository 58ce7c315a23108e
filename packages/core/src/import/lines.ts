// Splits a log into lines without ever holding more than one of them as text. Line numbers count
// every line, also those that are empty, too long or not text.
import { fromUtf8 } from '../bytes/index.ts';

/** A longer line is no event of any recorder, and is rejected unread. */
export const lineBytesMax = 65_536;

/** A line without its ending, or undefined where it is too long or not UTF-8. */
export type Line = string | { readonly unread: 'line.too-long' | 'line.not-utf8' };

const newline = 0x0a;

/** LF or CRLF ends a line; the last one needs no ending. A byte order mark is dropped. */
export function* linesOf(log: Uint8Array | string): Generator<Line> {
  const { length } = log;
  let from = 0;
  while (from < length) {
    const end = typeof log === 'string' ? log.indexOf('\n', from) : log.indexOf(newline, from);
    const to = end < 0 ? length : end;
    yield to - from > lineBytesMax ? { unread: 'line.too-long' } : lineAt(log, from, to);
    from = to + 1;
  }
}

function lineAt(log: Uint8Array | string, from: number, to: number): Line {
  try {
    const text = typeof log === 'string' ? log.slice(from, to) : fromUtf8(log.subarray(from, to));
    return from === 0 && text.startsWith('\ufeff') ? text.slice(1) : text;
  } catch {
    return { unread: 'line.not-utf8' };
  }
}
