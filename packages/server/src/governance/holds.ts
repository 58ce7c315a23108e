// Legal holds: two persons of different roles place one, and two release it, signing one after the
// other. A hold delays what would be destroyed; it opens nothing, and is told to whom it concerns.
import { HandrailError } from '@handrail/core/errors';
import {
  type Hold,
  type HoldWord,
  holdReleaseSchema,
  holdSchema,
  isHeld,
  mayHold,
  type Person,
  type Signed,
  signedSchema,
  signersOf,
  statementDigest,
} from '@handrail/core/statement';
import type { HoldView } from '@handrail/core/wire';
import { expire } from '../catalog/retention.ts';
import type { ServerContext } from '../context.ts';
import type { Database } from '../storage/database.ts';
import type { HoldRow } from '../storage/tables.ts';
import { allows, personAsking } from './access.ts';
import { withSignatures } from './signatures.ts';

const holdsListedMax = 1_000;
const signedHold = signedSchema(holdSchema);
const signedRelease = signedSchema(holdReleaseSchema);

/** Throws `access.denied`, `signature.invalid`, `state.conflict`, `not.found`. */
export async function decideHold(
  context: ServerContext,
  statement: Signed<HoldWord>,
  caller: Person,
): Promise<HoldView> {
  requireMay(context, caller);
  if (!(await signersOf(statement)).has(caller.publicKey)) {
    throw new HandrailError('signature.invalid', 'The statement is not signed by who sends it.');
  }
  const { hold: id, programme } = statement.payload;
  if (programme !== context.charter.payload.programme) {
    throw new HandrailError('state.conflict', 'This hold is of another programme.');
  }
  const isReleased = await context.statements.inTurn(async () => {
    const known = await rowOf(context.db, id);
    const accepted = await context.statements.leafOf(statementDigest(statement));
    if (accepted === undefined) await settle(context, statement, known);
    return statement.payload.kind === 'hold-release';
  });
  // What waited for the release goes now; what stops this is made up for by housekeeping.
  if (isReleased) await expire(context);
  return viewOf(await knownHold(context.db, id));
}

export async function listHolds(context: ServerContext, caller: Person): Promise<HoldView[]> {
  requireMay(context, caller);
  const rows = await context.db
    .selectFrom('hold')
    .selectAll()
    .orderBy('ordinal', 'desc')
    .limit(holdsListedMax)
    .execute();
  return rows.map(viewOf);
}

/** Holds that stand over what `pseudonym` gave, signed by those who placed them. */
export async function holdsOver(db: Database, pseudonym: string): Promise<Signed<Hold>[]> {
  const rows = await db
    .selectFrom('hold')
    .select('statement')
    .where('state', '=', 'placed')
    .where((where) =>
      where.or([where('participant', '=', pseudonym), where('participant', 'is', null)]),
    )
    .orderBy('ordinal')
    .limit(holdsListedMax)
    .execute();
  return rows.map(({ statement }) => signedHold.parse(JSON.parse(statement)));
}

/** Whether what `pseudonym` gave on a UTC day is to be kept. */
export async function isKept(db: Database, pseudonym: string, day: string): Promise<boolean> {
  const holds = await holdsOver(db, pseudonym);
  return isHeld(
    holds.map(({ payload }) => payload),
    pseudonym,
    day,
  );
}

async function settle(
  context: ServerContext,
  statement: Signed<HoldWord>,
  known: HoldRow | undefined,
): Promise<void> {
  const earlier = earlierOf(statement, known);
  const whole = await withSignatures(statement, earlier);
  const { charter, facts, statements } = context;
  if (mayHold(charter.payload, await signersOf(whole))) await statements.accept(whole);
  else await facts.record({ kind: 'pending-hold', statement: whole });
}

/** What others have signed of the same. Throws where it does not fit what stands. */
function earlierOf(
  statement: Signed<HoldWord>,
  known: HoldRow | undefined,
): Signed<HoldWord> | undefined {
  if (statement.payload.kind === 'hold') {
    const earlier = known && signedHold.parse(JSON.parse(known.statement));
    if (earlier === undefined) return undefined;
    const isSame = statementDigest(earlier) === statementDigest(statement);
    if (isSame && known?.state === 'pending') return earlier;
    throw new HandrailError('state.conflict', 'Another hold has this id.');
  }
  if (known?.state !== 'placed') {
    throw new HandrailError('state.conflict', 'No such hold stands.');
  }
  const earlier = known.release === null ? undefined : JSON.parse(known.release);
  const parsed = signedRelease.safeParse(earlier);
  const isSame = parsed.success && statementDigest(parsed.data) === statementDigest(statement);
  return isSame ? parsed.data : undefined;
}

function requireMay(context: ServerContext, caller: Person): void {
  const { programme } = context.charter.payload;
  if (allows(context, personAsking(caller), { action: 'programme.hold', programme })) return;
  throw new HandrailError('access.denied', 'Stewards, officers and incident commanders do this.');
}

function rowOf(db: Database, id: string): Promise<HoldRow | undefined> {
  return db.selectFrom('hold').selectAll().where('id', '=', id).executeTakeFirst();
}

async function knownHold(db: Database, id: string): Promise<HoldRow> {
  const row = await rowOf(db, id);
  if (row !== undefined) return row;
  throw new HandrailError('not.found', 'There is no such hold.');
}

function viewOf({ state, statement, release }: HoldRow): HoldView {
  return {
    state,
    statement: signedHold.parse(JSON.parse(statement)),
    release: release === null ? null : signedRelease.parse(JSON.parse(release)),
  };
}
