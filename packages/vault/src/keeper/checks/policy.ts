// The policy's word on an opening, on facts that the ledger gave. It is asked after every other
// check, under the state that holds the intent, and its answer goes into the outcome's entry.
import { type Grant, grantState } from '@handrail/core/statement';
import type { Policies } from '@handrail/policy/bundle';
import { type Decision, decide } from '@handrail/policy/decide';
import { type Asker, type Phase, phaseOf, type Question } from '@handrail/policy/question';
import type { LedgerState } from '../state/state.ts';
import { type ConsentQuestion, checkConsent } from './consent.ts';
import { type Refused, refuse } from './verdict.ts';

export interface ByPolicy {
  readonly kind: 'allowed';
  /** What the outcome's entry commits to: with all its facts, so that it can be made again. */
  readonly decision: Pick<Decision, 'policies' | 'version'> & { readonly question: Question };
}

export function checkPolicy(policies: Policies, question: Question): ByPolicy | Refused {
  const { kind, policies: by, version } = decide(policies, question);
  if (kind !== 'allow') return refuse('denied-by-policy');
  return { kind: 'allowed', decision: { question, policies: by, version } };
}

/** Where the programme stands, as far as the ledger was followed. */
export function phaseIn({ standing, halted }: LedgerState): Phase {
  return phaseOf(standing.phase, halted);
}

/** A participant, with what the ledger says of their consent. */
export function participantAsking(state: LedgerState, question: ConsentQuestion) {
  const { pseudonym } = question;
  const consents = checkConsent(state, question).kind === 'allowed';
  return { kind: 'participant', pseudonym, consents } as const;
}

/** Its holder asks to make or export a release of `recipe` under `grant`. */
export function releaseQuestion(
  state: LedgerState,
  action: 'release.build' | 'release.export' | 'release.rebuild',
  grant: Grant,
  { recipeDigest: recipe, nowMs }: { readonly recipeDigest: string; readonly nowMs: number },
): Question {
  return { action, ...grantAsking(state, grant, nowMs), recipe };
}

/** A grant and its holder, with what the ledger says of both. */
export function grantAsking(ledger: LedgerState, grant: Grant, nowMs: number) {
  const { charter, approvals, revoked } = ledger;
  const { id, holder, tier, purpose, scope } = grant;
  const isRevoked = revoked.has(id);
  const state = grantState(charter, grant, approvals.get(id) ?? [], isRevoked, nowMs).kind;
  const role = charter.persons.find((person) => person.id === holder)?.role;
  const by: Asker =
    role === undefined ? { kind: 'stranger', id: holder } : { kind: 'person', id: holder, role };
  const purposeStands = charter.purposes.includes(purpose);
  const recipe = 'recipe' in scope ? scope.recipeDigest : '';
  return { by, phase: phaseIn(ledger), grant: { id, holder, state, tier, purposeStands, recipe } };
}
