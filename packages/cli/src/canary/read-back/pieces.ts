// Values that were cut up: a letter in each key event, a part in each row. What stands under the
// same name is put together in its order, all of it, and its single letters alone.

/** Texts by the name that they stand under, in order. */
export type Pieces = ReadonlyMap<string, readonly string[]>;

const pieceCharsMax = 4_096;
const jsonBytesMax = 64 * 1024 * 1024;

/** Each name's pieces as one text, and those of one letter as another. */
export function* joined(pieces: Pieces): Generator<Buffer> {
  for (const texts of pieces.values()) {
    if (texts.length < 2) continue;
    yield Buffer.from(texts.join(''), 'utf8');
    const letters = texts.filter((text) => [...text].length === 1);
    if (letters.length > 1 && letters.length < texts.length) yield Buffer.from(letters.join(''));
  }
}

/** The strings of a JSON document, or of lines of JSON, by the name of their property. */
export function jsonPieces(bytes: Buffer): Pieces {
  const pieces = new PieceBook();
  if (bytes.length > jsonBytesMax || !/^\s*[[{]/.test(bytes.toString('latin1', 0, 64)))
    return pieces;
  const text = bytes.toString('utf8');
  const whole = parsed(text);
  const documents = whole === undefined ? text.split('\n').map(parsed) : [whole];
  for (const document of documents) collect('', document, pieces);
  return pieces;
}

export class PieceBook extends Map<string, string[]> {
  /** Long texts are no pieces. */
  add(name: string, text: string): void {
    if (text === '' || text.length > pieceCharsMax) return;
    const known = this.get(name);
    if (known) known.push(text);
    else this.set(name, [text]);
  }
}

/** Whatever a parser made of a document. */
export function collect(name: string, value: unknown, into: PieceBook): void {
  if (typeof value === 'string') into.add(name, value);
  else if (Array.isArray(value)) for (const each of value) collect(name, each, into);
  else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    for (const [key, each] of Object.entries(value)) collect(key, each, into);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
