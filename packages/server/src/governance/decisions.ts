// Decisions about the programme itself: charter, policies, start, close, whose role goes on. They
// wait for the signatures of the charter's quorum, and no policy has a say in them.
import { HandrailError } from '@handrail/core/errors';
import {
  type DecisionRefusal,
  judge,
  oversees,
  type Person,
  type Signature,
  type Signed,
  signaturesMax,
  signersOf,
  statementDigest,
} from '@handrail/core/statement';
import type { DecisionState } from '@handrail/core/wire';
import type { ServerContext } from '../context.ts';
import { type SignedDecision, signedDecision } from './charters.ts';
import { keepNotice } from './notices.ts';

export const decisionsPendingMax = 50;

export interface Proposal {
  readonly statement: SignedDecision;
  /** Of a charter that names another notice. */
  readonly notice?: string | undefined;
}

/** Throws `access.denied`, `signature.invalid`, `state.conflict`. */
export async function decideOn(
  context: ServerContext,
  { statement, notice }: Proposal,
  caller: Person,
): Promise<DecisionState> {
  if (!oversees(caller)) {
    throw new HandrailError('access.denied', 'Those who decide and oversee sign this.');
  }
  if (!(await signersOf(statement)).has(caller.publicKey)) {
    throw new HandrailError('signature.invalid', 'The decision is not signed by who sends it.');
  }
  return context.statements.inTurn(async () => {
    const digest = statementDigest(statement);
    const signatures = statement.signatures.length;
    const known = await context.statements.leafOf(digest);
    if (known !== undefined) return { state: 'decided', digest, signatures };
    if (statement.payload.kind === 'charter') await keepNotice(context, statement.payload, notice);
    return settle(context, digest, statement);
  });
}

/** Those that wait for signatures and can still come to hold. */
export async function pendingDecisions(context: ServerContext): Promise<readonly SignedDecision[]> {
  const rows = await context.db.selectFrom('pending_decision').select('statement').execute();
  const pending: SignedDecision[] = [];
  for (const { statement } of rows) {
    const signed = signedDecision.parse(JSON.parse(statement));
    const judged = await judgeNow(context, signed);
    if (judged.kind === 'refused' && judged.reason === 'signatures-missing') pending.push(signed);
  }
  return pending;
}

async function settle(
  context: ServerContext,
  digest: string,
  statement: SignedDecision,
): Promise<DecisionState> {
  const whole = await withEarlier(context, digest, statement);
  const judged = await judgeNow(context, whole);
  const signatures = whole.signatures.length;
  if (judged.kind === 'holds') {
    await context.statements.accept(whole);
    await context.db.deleteFrom('pending_decision').where('digest', '=', digest).execute();
    return { state: 'decided', digest, signatures };
  }
  if (judged.reason !== 'signatures-missing') {
    throw new HandrailError('state.conflict', words[judged.reason]);
  }
  if ((await pendingDecisions(context)).length >= decisionsPendingMax) {
    throw new HandrailError('state.conflict', 'Too many decisions wait: decide on those first.');
  }
  await context.facts.record({ kind: 'pending-decision', statement: whole });
  return { state: 'pending', digest, signatures };
}

async function judgeNow({ programme, nowMs }: ServerContext, statement: SignedDecision) {
  const { standing } = programme.inForce.decided;
  return judge(standing, statement.payload, await signersOf(statement), nowMs());
}

/** Valid signatures of both over the same bytes, one of each key. */
async function withEarlier(
  { db }: ServerContext,
  digest: string,
  statement: SignedDecision,
): Promise<Signed<SignedDecision['payload']>> {
  const row = await db
    .selectFrom('pending_decision')
    .select('statement')
    .where('digest', '=', digest)
    .executeTakeFirst();
  const earlier = row && signedDecision.parse(JSON.parse(row.statement));
  const valid = await signersOf(statement);
  const byKey = new Map<string, Signature>();
  for (const one of earlier?.signatures ?? []) byKey.set(one.key, one);
  for (const one of statement.signatures) if (valid.has(one.key)) byKey.set(one.key, one);
  const signatures = [...byKey.values()].slice(0, signaturesMax);
  return { payload: statement.payload, signatures };
}

const words: Readonly<Record<Exclude<DecisionRefusal, 'signatures-missing'>, string>> = {
  'another-programme': 'This is of another programme.',
  'another-number': 'It has not the next number: look at what is in force, and sign anew.',
  'log-key-changed': "A charter keeps the ledger's key.",
  'unsound-charter': 'Nobody could decide under this charter: look at roles, keys and quorums.',
  closed: 'The programme is closed for good.',
  'not-a-draft': 'The programme has started already.',
  'not-active': 'The programme has not started.',
  'another-charter': 'It names another charter than the one in force: sign anew.',
  'no-policy': 'No policies are in force yet: decide on them first.',
  'not-in-the-charter': 'The charter does not name this person.',
};
