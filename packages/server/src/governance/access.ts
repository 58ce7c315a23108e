// The one way to a yes in this process: every route asks here what its caller may, and every list
// asks the same for each of its rows.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Grant, Person } from '@handrail/core/statement';
import { decide } from '@handrail/policy/decide';
import { type Asker, type GrantFacts, phaseOf, type Question } from '@handrail/policy/question';
import { goesOnRecord } from '@handrail/policy/record';
import type { ServerContext } from '../context.ts';
import type { ParticipantRow } from '../storage/tables.ts';

const dayMs = 86_400_000;
/** Decisions in a row before other requests get their turn. */
const decisionsPerTurn = 64;
/** They go on whatever is full. */
const stops: ReadonlySet<Question['action']> = new Set([
  'programme.halt',
  'device.revoke',
  'grant.revoke',
  'incident.open',
]);

type Ground = Pick<
  ServerContext,
  'policies' | 'programme' | 'charter' | 'nowMs' | 'log' | 'decisions'
>;

type Unasked<Q> = Q extends { readonly by: Asker } ? Omit<Q, 'by' | 'phase'> : never;
/** A question without what is known of its asker and of the programme. */
export type Wish = Unasked<Question>;

export function allows(ground: Ground, by: Asker, wish: Wish): boolean {
  const { halted, decided } = ground.programme.inForce;
  // Other policies than those in the ledger decide nothing; a stop is always allowed.
  const isDecided = decided.standing.policy?.digest === ground.policies.version;
  if (!isDecided && wish.action !== 'programme.halt') {
    ground.log.warn({ action: wish.action }, 'the policies are not those in the ledger');
    return false;
  }
  const phase = phaseOf(decided.standing.phase, halted);
  const question = { ...wish, by, phase } as Question;
  const decision = decide(ground.policies, question);
  const isKept = !goesOnRecord(question) || ground.decisions.take({ question, decision });
  // What cannot go on record is not allowed either.
  if (decision.kind === 'allow' && (isKept || stops.has(wish.action))) return true;
  ground.log.info({ action: wish.action, policies: decision.policies }, 'denied');
  return false;
}

/** Those of `rows` that a get would show to `by`. */
export async function allowedOf<R>(
  ground: Ground,
  by: Asker,
  rows: readonly R[],
  wishOf: (row: R) => Wish,
): Promise<R[]> {
  const shown: R[] = [];
  for (const [at, row] of rows.entries()) {
    if (at % decisionsPerTurn === decisionsPerTurn - 1) await nextTurn();
    if (allows(ground, by, wishOf(row))) shown.push(row);
  }
  return shown;
}

export function personAsking({ id, role }: Person): Asker {
  return { kind: 'person', id, role };
}

export function participantAsking(
  { charter, nowMs }: Ground,
  { pseudonym, state, consent_at: consentAt }: ParticipantRow,
): Extract<Asker, { kind: 'participant' }> {
  const freshUntilMs = Date.parse(consentAt) + charter.payload.consentFreshDaysMax * dayMs;
  return { kind: 'participant', pseudonym, consents: state === 'active' && nowMs() < freshUntilMs };
}

export function grantFacts(
  { charter }: Ground,
  { id, holder, tier, purpose, scope }: Grant,
  state: GrantFacts['state'],
): GrantFacts {
  const purposeStands = charter.payload.purposes.includes(purpose);
  const recipe = 'recipe' in scope ? scope.recipeDigest : '';
  return { id, holder, state, tier, purposeStands, recipe };
}
