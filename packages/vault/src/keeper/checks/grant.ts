// Whether a grant stands now: asked for by its holder, approved in the ledger by the charter's
// quorum over these very bytes, for this recipe or trajectory, neither expired nor revoked.
import {
  certifiedUntilMs,
  fitsTier,
  type Grant,
  grantNames,
  grantState,
  type Person,
  type ReadingSubject,
  type Recipe,
  recipeDigest,
  type Signed,
  signersOf,
} from '@handrail/core/statement';
import type { LedgerState } from '../state/state.ts';
import { whyStopped } from './programme.ts';
import { type Refused, refuse } from './verdict.ts';

export interface StandingGrant {
  readonly kind: 'allowed';
  readonly grant: Grant;
  readonly holder: Person;
  readonly until: string;
}

export interface ReleaseGrant extends StandingGrant {
  readonly recipe: Recipe;
  readonly recipeDigest: string;
}

interface GrantQuestion {
  readonly id: string;
  readonly nowMs: number;
}

/** For releases of the recipe with this digest. */
export async function checkReleaseGrant(
  state: LedgerState,
  signed: Signed<Grant>,
  question: GrantQuestion & { readonly recipeDigest: string },
): Promise<ReleaseGrant | Refused> {
  const asked = await checkAsked(state, signed, question);
  if (asked.kind === 'refused') return asked;
  const { purpose, scope, tier } = signed.payload;
  if (tier !== 'release' || !('recipe' in scope)) return refuse('grant-of-another-tier');
  const { recipe } = scope;
  const digest = recipeDigest(recipe);
  if (scope.recipeDigest !== digest || question.recipeDigest !== digest) {
    return refuse('grant-for-another-recipe');
  }
  if (recipe.purpose !== purpose) return refuse('grant-for-another-recipe');
  const standing = checkStanding(state, signed.payload, question.nowMs);
  if (standing.kind === 'refused') return standing;
  return { ...asked, ...standing, recipe, recipeDigest: digest };
}

/** For reading exactly this, in the tier that it is of. */
export async function checkReadingGrant(
  state: LedgerState,
  signed: Signed<Grant>,
  question: GrantQuestion & { readonly subject: ReadingSubject },
): Promise<StandingGrant | Refused> {
  const asked = await checkAsked(state, signed, question);
  if (asked.kind === 'refused') return asked;
  const { subject } = question;
  const isRaw = 'segment' in subject;
  if (!fitsTier(signed.payload) || signed.payload.tier !== (isRaw ? 'raw' : 'trajectory')) {
    return refuse('grant-of-another-tier');
  }
  if (!grantNames(signed.payload, subject)) {
    return refuse(isRaw ? 'grant-for-another-segment' : 'grant-for-another-trajectory');
  }
  const standing = checkStanding(state, signed.payload, question.nowMs);
  return standing.kind === 'refused' ? standing : { ...asked, ...standing };
}

async function checkAsked(
  state: LedgerState,
  signed: Signed<Grant>,
  { id, nowMs }: GrantQuestion,
): Promise<Omit<StandingGrant, 'until'> | Refused> {
  const grant = signed.payload;
  const { charter, standing } = state;
  const stopped = whyStopped(state);
  if (stopped !== undefined) return refuse(stopped);
  if (grant.id !== id) return refuse('grant-unknown');
  if (grant.programme !== charter.programme) return refuse('another-programme');
  const holder = charter.persons.find((person) => person.id === grant.holder);
  if (holder === undefined || !(await signersOf(signed)).has(holder.publicKey)) {
    return refuse('grant-unknown');
  }
  if (nowMs >= certifiedUntilMs(standing, holder)) return refuse('holder-not-certified');
  return { kind: 'allowed', grant, holder };
}

function checkStanding(
  { charter, approvals, revoked }: LedgerState,
  grant: Grant,
  nowMs: number,
): Pick<StandingGrant, 'kind' | 'until'> | Refused {
  if (!charter.purposes.includes(grant.purpose)) return refuse('purpose-not-in-charter');
  const held = approvals.get(grant.id) ?? [];
  const standing = grantState(charter, grant, held, revoked.has(grant.id), nowMs);
  if (standing.kind === 'requested') return refuse('grant-not-approved');
  if (standing.kind !== 'approved') {
    return refuse(standing.kind === 'expired' ? 'grant-expired' : 'grant-revoked');
  }
  return { kind: 'allowed', until: standing.until };
}
