// Lines of a stream, one at a time, so that memory stays flat; a line over the limit ends it.
import { StringDecoder } from 'node:string_decoder';
import { HandrailError } from '@handrail/core/errors';

export const lineCharsMax = 16 * 1024 * 1024;

/** LF or CRLF ends a line; the last one needs no ending. Throws `input.too-large`. */
export async function* inputLines(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  const parts: string[] = [];
  let held = 0;
  for await (const chunk of stream) {
    const pieces = decoder.write(chunk).split('\n');
    const rest = pieces.pop() ?? '';
    for (const piece of pieces) {
      yield within([...parts.splice(0), piece].join('')).replace(/\r$/, '');
      held = 0;
    }
    parts.push(rest);
    held += rest.length;
    if (held > lineCharsMax) throw tooLong();
  }
  const last = [...parts, decoder.end()].join('');
  if (last !== '') yield within(last);
}

function within(line: string): string {
  if (line.length > lineCharsMax) throw tooLong();
  return line;
}

function tooLong(): HandrailError {
  return new HandrailError('input.too-large', 'A line has over 16 million characters: split it.');
}
