// What is known of sessions from their first unplanned sequence on, for many sessions in one go.
import { sql } from 'kysely';
import type { Database } from '../storage/database.ts';
import type { Place } from './cut-session.ts';

/** Places that are read of one session at once. */
export const placesPerSessionMax = 2_000;

export interface SessionName {
  readonly pseudonym: string;
  readonly session: string;
}

export interface KnownSession {
  readonly name: SessionName;
  /** The first sequence that is in no job yet. */
  readonly nextSequence: number;
  readonly ended: boolean;
  /** In order of sequence. */
  readonly known: readonly Place[];
}

interface PlaceRow extends SessionName {
  readonly next_sequence: number;
  readonly ended: boolean;
  readonly sequence: number | null;
  readonly id: string | null;
  readonly closes: boolean | null;
  readonly consent_epoch: number | null;
  readonly never: boolean | null;
}

export async function placesOf(
  db: Database,
  names: readonly SessionName[],
): Promise<readonly KnownSession[]> {
  const asked = JSON.stringify(names.map(({ pseudonym, session }) => ({ pseudonym, session })));
  const { rows } = await sql<PlaceRow>`
    with asked as (
      select name.pseudonym, name.session, coalesce(session.next_sequence, 0) as next_sequence,
        coalesce(session.ended, false) as ended
      from json_to_recordset(${asked}::text::json) as name (pseudonym text, session text)
      left join session on session.pseudonym = name.pseudonym and session.session = name.session)
    select asked.*, place.* from asked left join lateral (
      select sequence, id, closes, consent_epoch, state = 'rejected' as never from segment
        where pseudonym = asked.pseudonym and session = asked.session
          and sequence >= asked.next_sequence
      union all
      select sequence, null, null, null, true from forgotten
        where pseudonym = asked.pseudonym and session = asked.session
          and sequence >= asked.next_sequence
      order by sequence limit ${placesPerSessionMax}) as place on true
    order by place.sequence`.execute(db);
  const known = new Map<string, { readonly row: PlaceRow; readonly places: Place[] }>();
  for (const row of rows) {
    const key = `${row.pseudonym}/${row.session}`;
    const one = known.get(key) ?? { row, places: [] };
    known.set(key, one);
    const place = placeOf(row);
    if (place) one.places.push(place);
  }
  return [...known.values()].map(({ row, places }) => ({
    name: { pseudonym: row.pseudonym, session: row.session },
    nextSequence: row.next_sequence,
    ended: row.ended,
    known: places,
  }));
}

function placeOf({ sequence, id, closes, consent_epoch, never }: PlaceRow): Place | undefined {
  if (sequence === null) return undefined;
  if (never || id === null || consent_epoch === null) return { kind: 'never', sequence };
  return {
    kind: 'segment',
    sequence,
    id,
    closes: closes === true,
    consentEpoch: consent_epoch,
  };
}
