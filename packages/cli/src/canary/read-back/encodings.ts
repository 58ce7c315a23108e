// Every form in which a value may lie in a file: as text of several encodings, escaped, or as the
// part of a longer base64 text that only the value decides.

/** Distinct byte patterns of `value`, each at least four bytes long. */
export function encodingsOf(value: string): readonly Buffer[] {
  const utf8 = Buffer.from(value, 'utf8');
  const little = Buffer.from(value, 'utf16le');
  const big = Buffer.from(little).swap16();
  const texts = [
    percentEncoded(utf8, isUnreserved),
    percentEncoded(utf8, isUnreserved).replaceAll('%20', '+'),
    encodeURI(value),
    value.replaceAll(' ', '+'),
    JSON.stringify(value).slice(1, -1),
    escaped(value),
    utf8.toString('hex'),
    utf8.toString('hex').toUpperCase(),
    ...base64Parts(utf8),
    ...base64Parts(little),
  ];
  const all = [utf8, little, big, ...texts.map((text) => Buffer.from(text, 'utf8'))];
  const distinct = new Map(all.map((bytes) => [bytes.toString('hex'), bytes]));
  return [...distinct.values()].filter((bytes) => bytes.length >= 4);
}

/** For each of the three phases the letters that depend on the value alone, in both alphabets. */
function base64Parts(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((phase) => {
    const text = Buffer.concat([Buffer.alloc(phase), bytes]).toString('base64');
    const from = Math.ceil((phase * 8) / 6);
    const to = Math.floor(((phase + bytes.length) * 8) / 6);
    const part = text.slice(from, to);
    return [part, part.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function isUnreserved(byte: number): boolean {
  return /[A-Za-z0-9\-._~]/.test(String.fromCharCode(byte));
}

function percentEncoded(bytes: Buffer, isPlain: (byte: number) => boolean): string {
  const hex = (byte: number) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return [...bytes].map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : hex(byte))).join('');
}

/** JSON as careful writers make it: everything but letters and digits as \uXXXX. */
function escaped(value: string): string {
  const code = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return value.replaceAll(/[^A-Za-z0-9 ]/g, code);
}
