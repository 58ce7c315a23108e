// Text with its escapes undone: those of JSON and scripts, of addresses, and of HTML and XML.

const escapes =
  /\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|\\["'\\/]|%[0-9a-f]{2}|&#x[0-9a-f]{1,6};|&#\d{1,7};|&(?:amp|lt|gt|quot|apos);/gi;
const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};
const codePointMax = 0x10ffff;

/** Undefined where nothing is escaped. */
export function unescaped(bytes: Buffer): Buffer | undefined {
  const text = bytes.toString('latin1');
  let some = false;
  const plain = text.replace(escapes, (found) => {
    some = true;
    return plainOf(found);
  });
  return some ? Buffer.from(plain, 'latin1') : undefined;
}

/** The UTF-8 bytes that one stands for, a letter of Latin-1 each. */
function plainOf(found: string): string {
  if (found.startsWith('%')) return String.fromCharCode(Number.parseInt(found.slice(1), 16));
  if (/^\\[ux]/i.test(found)) return utf8(Number.parseInt(found.slice(2), 16));
  if (found.startsWith('\\')) return found.slice(1);
  if (/^&#x/i.test(found)) return utf8(Number.parseInt(found.slice(3, -1), 16));
  if (found.startsWith('&#')) return utf8(Number(found.slice(2, -1)));
  return named[found.slice(1, -1).toLowerCase()] ?? found;
}

function utf8(codePoint: number): string {
  if (codePoint > codePointMax) return '';
  return Buffer.from(String.fromCodePoint(codePoint), 'utf8').toString('latin1');
}
