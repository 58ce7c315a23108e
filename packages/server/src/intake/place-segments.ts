// Gives segments their places in their sessions, many in one statement with one parameter: the
// database parses the same short text however many there are.
import { sql } from 'kysely';
import type { Database } from '../storage/database.ts';
import type { NewSegment } from '../storage/tables.ts';

/**
 * Of rows that each have another place, the ids of those whose place was free or already theirs:
 * they belong to `batch` now.
 */
export async function placeSegments(
  db: Database,
  batch: string,
  rows: readonly NewSegment[],
): Promise<readonly string[]> {
  const { rows: placed } = await sql<{ readonly id: string }>`
    insert into segment (id, pseudonym, session, sequence, closes, consent_epoch, day, bytes, state,
      reason, batch)
    select id, pseudonym, session, sequence, closes, consent_epoch, day, bytes, state, reason,
      ${batch}::text
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as given (id text, pseudonym text,
      session text, sequence integer, closes boolean, consent_epoch integer, day text,
      bytes integer, state text, reason text)
    -- The same segment again, because its first batch found no leaf.
    on conflict (pseudonym, session, sequence) do update set batch = excluded.batch
      where segment.id = excluded.id
    returning id`.execute(db);
  return placed.map(({ id }) => id);
}
