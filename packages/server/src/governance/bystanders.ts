// Requests of people who never joined. The server keeps a sealed box that it cannot open and says
// what became of it; a steward and an officer decide over its digest, one after the other.

import { requestBytes, requestDigest } from '@handrail/core/bystander';
import { fromBase64url } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import {
  type BystanderRemoval,
  bystanderRemovalSchema,
  mayRemove,
  type Person,
  type Signed,
  signedSchema,
  signersOf,
} from '@handrail/core/statement';
import { type BystanderView, bystanderViewSchema } from '@handrail/core/wire';
import { notFound } from '../catalog/mine.ts';
import type { ServerContext } from '../context.ts';
import type { BystanderRow } from '../storage/tables.ts';
import { allows, personAsking } from './access.ts';
import { dayOf } from './instant.ts';
import { withSignatures } from './signatures.ts';

/** Anybody may ask, so a flood of requests ends with its day. */
export const requestsPerDayMax = 200;
/** One that nobody decided on by then is dropped; it can be made again. */
export const waitingDaysMax = 60;
const listedMax = 1_000;
const dayMs = 86_400_000;
const signedRemoval = signedSchema(bystanderRemovalSchema);

/** The same request again is fine. Throws `input.invalid`, `rate.limited`. */
export async function fileRequest(
  context: ServerContext,
  { box: text, request }: { readonly box: string; readonly request: string },
): Promise<BystanderView> {
  const box = bytesOf(text);
  if (box?.length !== requestBytes || requestDigest(box) !== request) {
    throw new HandrailError('input.invalid', 'This is no sealed request, or not of this digest.');
  }
  const { db, objects, facts, room, nowMs } = context;
  if ((await rowOf(context, request)) !== undefined) return viewRequest(context, request);
  await room.requireSpare();
  const day = dayOf(nowMs());
  const today = await db
    .selectFrom('bystander_request')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('day', '=', day)
    .executeTakeFirst();
  if (Number(today?.count ?? 0) >= requestsPerDayMax) {
    throw new HandrailError('rate.limited', 'Too many requests came in today: try tomorrow.');
  }
  await objects.put(keyOf(request), box);
  await facts.record({ kind: 'bystander-request', request, day });
  return viewRequest(context, request);
}

/** Throws `not.found`. */
export async function viewRequest(context: ServerContext, request: string): Promise<BystanderView> {
  const row = await rowOf(context, request);
  if (row === undefined) throw notFound();
  return viewOf(context, row);
}

/** Newest first. Throws `access.denied`. */
export async function listRequests(context: ServerContext, caller: Person) {
  requireMay(context, caller);
  const rows = await context.db
    .selectFrom('bystander_request')
    .selectAll()
    .orderBy('ordinal', 'desc')
    .limit(listedMax)
    .execute();
  return {
    requests: rows.map((row) => {
      const statement =
        row.statement === null ? null : signedRemoval.parse(JSON.parse(row.statement));
      return { ...viewOf(context, row), statement };
    }),
  };
}

/** Throws `access.denied`, `signature.invalid`, `state.conflict`, `not.found`. */
export async function decideRequest(
  context: ServerContext,
  statement: Signed<BystanderRemoval>,
  caller: Person,
): Promise<BystanderView> {
  requireMay(context, caller);
  if (!(await signersOf(statement)).has(caller.publicKey)) {
    throw new HandrailError('signature.invalid', 'The statement is not signed by who sends it.');
  }
  const { request, programme } = statement.payload;
  if (programme !== context.charter.payload.programme) {
    throw new HandrailError('state.conflict', 'This request is of another programme.');
  }
  await context.statements.inTurn(() => settle(context, statement));
  return viewRequest(context, request);
}

async function settle(context: ServerContext, statement: Signed<BystanderRemoval>): Promise<void> {
  const row = await rowOf(context, statement.payload.request);
  if (row === undefined) throw notFound();
  const { state } = viewOf(context, row);
  if (state === 'expired') {
    throw new HandrailError('state.conflict', 'This request has waited too long: ask for another.');
  }
  if (state !== 'waiting') return;
  const earlier =
    row.statement === null ? undefined : signedRemoval.parse(JSON.parse(row.statement));
  if (earlier !== undefined && earlier.payload.at !== statement.payload.at) {
    throw new HandrailError('state.conflict', 'Sign what was signed first: list the requests.');
  }
  const whole = await withSignatures(statement, earlier);
  const { charter, facts, statements } = context;
  if (mayRemove(charter.payload, await signersOf(whole))) await statements.accept(whole);
  else await facts.record({ kind: 'pending-bystander', statement: whole });
}

function requireMay(context: ServerContext, caller: Person): void {
  const { programme } = context.charter.payload;
  if (allows(context, personAsking(caller), { action: 'bystander.decide', programme })) return;
  throw new HandrailError('access.denied', 'Stewards and officers decide on this.');
}

function rowOf({ db }: ServerContext, digest: string): Promise<BystanderRow | undefined> {
  return db
    .selectFrom('bystander_request')
    .selectAll()
    .where('digest', '=', digest)
    .executeTakeFirst();
}

function viewOf({ nowMs }: ServerContext, row: BystanderRow): BystanderView {
  const isLate = row.day < dayOf(nowMs() - waitingDaysMax * dayMs);
  return bystanderViewSchema.parse({
    request: row.digest,
    state: row.state === 'waiting' && isLate ? 'expired' : row.state,
    day: row.day,
    decided: row.leaf,
    answer: row.answer === null ? null : JSON.parse(row.answer),
  });
}

function bytesOf(text: string): Uint8Array | undefined {
  try {
    return fromBase64url(text);
  } catch {
    return undefined;
  }
}

/** Where the sealed request lies. */
export function keyOf(request: string): string {
  return `bystanders/${request}`;
}
