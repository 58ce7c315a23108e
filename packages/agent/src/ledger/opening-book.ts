// What this device has found in the ledger about itself, so that it looks at every entry once. Told
// openings stay known, whatever the server hands out later.
import { fromUtf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { tellingSchema } from '@handrail/core/opening';
import { z } from 'zod';
import { readFileIfAny, writeFileDurably } from '../home/files.ts';
import type { Home } from '../home/home.ts';

const foundSchema = z.strictObject({
  index: z.int().min(0),
  /** The entry's bytes, base64url. */
  entry: z.string(),
  tag: z.string(),
  consentEpoch: z.int().min(1),
  told: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('told'), telling: tellingSchema }),
    /** The ledger has it, and nobody said what it was. */
    z.strictObject({ kind: z.literal('withheld') }),
    /** What was said is not what the ledger commits to. */
    z.strictObject({ kind: z.literal('false') }),
  ]),
});
export type FoundOpening = z.infer<typeof foundSchema>;

const bookSchema = z.strictObject({
  v: z.literal(1),
  /** Entries that were looked at. */
  size: z.int().min(0),
  /** By consent epoch the number of the tag that comes next. */
  next: z.record(z.string(), z.int().min(0)),
  found: z.array(foundSchema),
});
export type OpeningBook = z.infer<typeof bookSchema>;

export const emptyBook: OpeningBook = { v: 1, size: 0, next: {}, found: [] };

const bookName = 'openings.json';

/** Throws `storage.broken`. */
export async function readOpeningBook(home: Home): Promise<OpeningBook> {
  const bytes = await readFileIfAny(home.path(bookName));
  if (bytes === undefined) return emptyBook;
  try {
    return bookSchema.parse(JSON.parse(fromUtf8(bytes)));
  } catch (cause) {
    throw new HandrailError('storage.broken', `${bookName} is damaged: remove it to look anew.`, {
      cause,
    });
  }
}

export async function saveOpeningBook(home: Home, book: OpeningBook): Promise<void> {
  await writeFileDurably(home.path(bookName), JSON.stringify(book));
}
