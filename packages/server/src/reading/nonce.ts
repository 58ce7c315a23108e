// The vault's newest nonce, for whoever is about to sign a reading session.
import { HandrailError } from '@handrail/core/errors';
import type { Database } from '../storage/database.ts';

const name = 'readingNonce';

export async function keepReadingNonce(db: Database, value: string): Promise<void> {
  await db
    .insertInto('fact')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}

/** Throws `keys.unknown` while no vault has given one. */
export async function readingNonce(db: Database): Promise<{ nonce: string }> {
  const row = await db
    .selectFrom('fact')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst();
  if (row !== undefined) return { nonce: row.value };
  throw new HandrailError('keys.unknown', 'No vault is at work: nothing can be read now.');
}
