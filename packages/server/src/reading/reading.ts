// Readings: asked for with a session that the reader signed, relayed as ciphertext, and asked about
// again at each chunk, so that what ends a right ends a reading.
import { HandrailError } from '@handrail/core/errors';
import {
  grantNames,
  type ReadingSession,
  type ReadingSubject,
  type Signed,
  signersOf,
} from '@handrail/core/statement';
import { jobSchema, type ReaderState } from '@handrail/core/wire';
import type { Asker } from '@handrail/policy/question';
import { jobOf, notFound, requestView } from '../catalog/mine.ts';
import type { ServerContext } from '../context.ts';
import {
  allows,
  grantFacts,
  participantAsking,
  personAsking,
  type Wish,
} from '../governance/access.ts';
import { grantNow } from '../governance/grants.ts';

const chunkWaitMs = 10_000;
const readerWaitMs = 1_000;

/** `requester` is the caller's pseudonym or person id. Throws `not.found`, `signature.invalid`. */
export async function openReading(
  context: ServerContext,
  session: Signed<ReadingSession>,
  caller: { readonly requester: string; readonly key: string },
): Promise<{ job: string }> {
  const { programme, until } = session.payload;
  if (!(await signersOf(session)).has(caller.key)) {
    throw new HandrailError('signature.invalid', 'A reading session is signed by its reader.');
  }
  if (programme !== context.charter.payload.programme || Date.parse(until) <= context.nowMs()) {
    throw new HandrailError('state.conflict', 'The session is over, or of another programme.');
  }
  const right = await rightOf(context, session.payload);
  if (right?.reader !== caller.requester || !allows(context, right.by, right.wish)) {
    throw notFound();
  }
  return requestView(context, caller.requester, { kind: 'view', ...right.owner, session });
}

/** One chunk for `by`, whose reading it is. Throws `not.found`, `timeout`. */
export async function chunkOf(
  context: ServerContext,
  by: Asker,
  id: string,
  place: string,
): Promise<Uint8Array> {
  await jobOf(context, by, id);
  if (!/^\d{1,6}$/.test(place)) throw notFound();
  if (!(await mayGoOn(context, id))) throw notFound();
  const box = await context.readings.fetch(id, Number(place), chunkWaitMs);
  // It may have ended while the reader waited.
  if (box === undefined || !(await mayGoOn(context, id))) throw notFound();
  return box;
}

export async function endReading(context: ServerContext, by: Asker, id: string): Promise<void> {
  await jobOf(context, by, id);
  context.readings.end(id);
}

/** For the vault. */
export async function readerOf(
  context: ServerContext,
  id: string,
  wanted: number,
): Promise<ReaderState> {
  const reader = await context.readings.reader(id, wanted, readerWaitMs);
  return { ...reader, open: reader.open && (await mayGoOn(context, id)) };
}

/** Asks what was asked at the start again, and drops what is not fetched after a no. */
async function mayGoOn(context: ServerContext, id: string): Promise<boolean> {
  const row = await context.db
    .selectFrom('job')
    .select(['state', 'body'])
    .where('id', '=', id)
    .executeTakeFirst();
  const job = row && row.state !== 'failed' ? jobSchema.parse(JSON.parse(row.body)) : undefined;
  const right = job?.kind === 'view' ? await rightOf(context, job.session.payload) : undefined;
  const may = right !== undefined && allows(context, right.by, right.wish);
  if (!may) context.readings.end(id);
  return may;
}

interface Right {
  readonly reader: string;
  readonly by: Asker;
  readonly wish: Wish;
  readonly owner: { readonly pseudonym: string; readonly consentEpoch: number };
}

/** What a session asks for, on the facts of now; undefined where something is not there. */
async function rightOf(
  context: ServerContext,
  session: ReadingSession,
): Promise<Right | undefined> {
  const { by, until } = session;
  if (Date.parse(until) <= context.nowMs()) return undefined;
  const row = await ownerOf(context, session);
  if (row === undefined) return undefined;
  if (!('grant' in by)) {
    const asker = await participantNow(context, by.participant);
    const wish = ownersWish(session, row.pseudonym);
    return asker && { reader: asker.pseudonym, by: asker, wish, owner: row };
  }
  const owner = await participantNow(context, row.pseudonym);
  const { grant, state } = (await grantNow(context, by.grant)) ?? {};
  const holder = context.charter.payload.persons.find((person) => person.id === grant?.holder);
  if (!grant || !state || !holder || !owner) return undefined;
  const facts = grantFacts(context, grant, state);
  const named = { owner, inScope: grantNames(grant, session) };
  const wish: Wish =
    'segment' in session
      ? { action: 'recording.read', grant: facts, recording: { id: session.segment, ...named } }
      : {
          action: 'trajectory.read',
          grant: facts,
          trajectory: { id: session.trajectory, ...named },
        };
  return { reader: holder.id, by: personAsking(holder), wish, owner: row };
}

function ownersWish(subject: ReadingSubject, owner: string): Wish {
  return 'segment' in subject
    ? { action: 'quarantine.open', recording: { id: subject.segment, owner } }
    : { action: 'trajectory.open', trajectory: { id: subject.trajectory, owner } };
}

/** Of what is there to be read: segments for their owners only while in quarantine, else never. */
async function ownerOf({ db }: ServerContext, session: ReadingSession) {
  if (!('segment' in session)) {
    return db
      .selectFrom('trajectory')
      .select(['pseudonym', 'consent_epoch as consentEpoch'])
      .where('id', '=', session.trajectory)
      .where('removed', '=', false)
      .executeTakeFirst();
  }
  return db
    .selectFrom('segment')
    .select(['pseudonym', 'consent_epoch as consentEpoch'])
    .where('id', '=', session.segment)
    .where('state', '=', 'grant' in session.by ? 'refined' : 'quarantined')
    .where('stored', '=', true)
    .executeTakeFirst();
}

async function participantNow(context: ServerContext, pseudonym: string) {
  const row = await context.db
    .selectFrom('participant')
    .selectAll()
    .where('pseudonym', '=', pseudonym)
    .executeTakeFirst();
  return row && participantAsking(context, row);
}
