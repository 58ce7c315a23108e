// A second view of a text in which escapes are undone, so that `jane%40example.org` in an address,
// `\u0040` in JSON or `&#64;` in markup hides nothing.

import { type Plain, plainBuilder } from './normalise.ts';
import { wide } from './pattern-lines.ts';

const escapes = wide('g')`
    %[0-9A-Fa-f]{2}|\\u00[0-9A-Fa-f]{2}|&#x[0-9A-Fa-f]{2};|&#[0-9]{2,3};|&(?:quot|amp|lt|gt
    |nbsp);|\+`;
const worthIt = /%[0-9A-Fa-f]{2}|\\u00[0-9A-Fa-f]{2}|&#?x?[0-9a-zA-Z]{2,4};/;
const named: Readonly<Record<string, string>> = {
  '&quot;': '"',
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&nbsp;': ' ',
  '+': ' ',
};

/** The decoded view, or undefined where there is nothing to decode. */
export function decodeEscapes(plain: Plain): Plain | undefined {
  if (!worthIt.test(plain.text)) return undefined;
  const builder = plainBuilder();
  let from = 0;
  const copy = (to: number): void => {
    for (let unit = from; unit < to; unit++) {
      builder.add(plain.text.charAt(unit), plain.starts[unit] ?? 0, plain.ends[unit] ?? 0);
    }
  };
  for (const match of plain.text.matchAll(escapes)) {
    const decoded = decode(match[0]);
    if (decoded === undefined) continue;
    copy(match.index);
    from = match.index + match[0].length;
    builder.add(decoded, plain.starts[match.index] ?? 0, plain.ends[from - 1] ?? 0);
  }
  copy(plain.text.length);
  return builder.done();
}

function decode(sequence: string): string | undefined {
  const word = named[sequence];
  if (word !== undefined) return word;
  const decimal = sequence.startsWith('&#') && !sequence.startsWith('&#x');
  const digits = sequence.replace(/^(?:%|\\u|&#x?)/, '').replace(';', '');
  const code = Number.parseInt(digits, decimal ? 10 : 16);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : undefined;
}
