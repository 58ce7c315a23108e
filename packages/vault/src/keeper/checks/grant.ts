// Whether a grant of tier release stands now: asked for by its holder, approved in the ledger by
// the charter's quorum over these very bytes, for this recipe, neither expired nor revoked.
import {
  type Grant,
  grantState,
  type Recipe,
  recipeDigest,
  type Signed,
  signersOf,
} from '@handrail/core/statement';
import type { LedgerState } from '../state/state.ts';
import { type Refused, refuse } from './verdict.ts';

export interface ReleaseGrant {
  readonly kind: 'allowed';
  readonly grant: Grant;
  readonly recipe: Recipe;
  readonly recipeDigest: string;
  readonly until: string;
}

export interface GrantQuestion {
  readonly id: string;
  /** Digest of the recipe that the release is, or will be, built of. */
  readonly recipeDigest: string;
  readonly nowMs: number;
}

export async function checkReleaseGrant(
  state: LedgerState,
  signed: Signed<Grant>,
  question: GrantQuestion,
): Promise<ReleaseGrant | Refused> {
  const grant = signed.payload;
  const { charter } = state;
  if (state.halted) return refuse('programme-halted');
  if (grant.id !== question.id) return refuse('grant-unknown');
  if (grant.programme !== charter.programme) return refuse('another-programme');
  const holder = charter.persons.find(({ id }) => id === grant.holder);
  if (holder === undefined || !(await signersOf(signed)).has(holder.publicKey)) {
    return refuse('grant-unknown');
  }
  const { scope } = grant;
  if (grant.tier !== 'release' || !('recipe' in scope)) return refuse('grant-of-another-tier');
  const digest = recipeDigest(scope.recipe);
  if (scope.recipeDigest !== digest || question.recipeDigest !== digest) {
    return refuse('grant-for-another-recipe');
  }
  if (scope.recipe.purpose !== grant.purpose) return refuse('grant-for-another-recipe');
  if (!charter.purposes.includes(grant.purpose)) return refuse('purpose-not-in-charter');
  const approvals = state.approvals.get(grant.id) ?? [];
  const standing = grantState(
    charter,
    grant,
    approvals,
    state.revoked.has(grant.id),
    question.nowMs,
  );
  if (standing.kind === 'requested') return refuse('grant-not-approved');
  if (standing.kind !== 'approved') {
    return refuse(standing.kind === 'expired' ? 'grant-expired' : 'grant-revoked');
  }
  return {
    kind: 'allowed',
    grant,
    recipe: scope.recipe,
    recipeDigest: digest,
    until: standing.until,
  };
}
