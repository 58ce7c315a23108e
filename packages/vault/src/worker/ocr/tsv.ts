// Tesseract's table of words: a line each, tab-separated, level 5. What is not such a table is an
// error, so a program that answers something else reads nothing.
import { HandrailError } from '@handrail/core/errors';
import { type ReadWord, wordCharsMax, wordsPerFrameMax } from '@handrail/core/pixels';

const heading = 'level\tpage_num\tblock_num\t';
const fieldsCount = 12;
const wordLevel = '5';

/** The words of `pages` pages. Throws `internal`. */
export function wordsOf(table: string, pages: number): ReadWord[][] {
  const lines = table.split('\n');
  // The program begins with a heading, the package does not.
  if (lines[0]?.startsWith(heading)) lines.shift();
  const words: ReadWord[][] = Array.from({ length: pages }, () => []);
  const seen = new Set<number>();
  for (const line of lines) {
    if (line === '') continue;
    const fields = line.split('\t');
    const page = Number(fields[1]) - 1;
    const there = words[page];
    if (fields.length < fieldsCount || there === undefined) throw unreadable();
    seen.add(page);
    const word = fields[0] === wordLevel ? wordOf(fields) : undefined;
    if (word) there.push(word);
    if (there.length > wordsPerFrameMax) throw unreadable();
  }
  if (seen.size !== pages) throw unreadable();
  return words;
}

function wordOf(fields: readonly string[]): ReadWord | undefined {
  const [x = 0, y = 0, width = 0, height = 0] = fields.slice(6, 10).map(Number);
  const text = (fields[fieldsCount - 1] ?? '').trim().slice(0, wordCharsMax);
  if (![x, y, width, height].every(Number.isSafeInteger)) throw unreadable();
  return text === '' || width <= 0 || height <= 0
    ? undefined
    : { text, box: { x, y, width, height } };
}

function unreadable(): HandrailError {
  return new HandrailError('internal', 'The program that reads pictures answered something else.');
}
