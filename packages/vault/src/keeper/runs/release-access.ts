// What rebuilding and exporting share: the release as the vault remembers it, and the grant that
// must still stand for the recipe it was built of.
import { checkConsent } from '../checks/consent.ts';
import { checkReleaseGrant, type ReleaseGrant } from '../checks/grant.ts';
import { type ByPolicy, checkPolicy, releaseQuestion } from '../checks/policy.ts';
import { allowed, type KeeperContext, Refusal } from '../keeper-context.ts';
import type { ReleaseRecord } from '../releases/release-record.ts';
import type { LedgerState } from '../state/state.ts';

export interface ReleaseAccess {
  readonly record: ReleaseRecord;
  /** Throws `Refusal` unless the grant stands under `state` and all participants consent. */
  check(state: LedgerState): Promise<ReleaseGrant & Pick<ByPolicy, 'decision'>>;
}

/** Throws `Refusal` for a release that this vault did not build, or whose key is destroyed. */
export async function releaseAccess(
  context: KeeperContext,
  release: string,
  grantId: string,
  action: 'release.export' | 'release.rebuild',
): Promise<ReleaseAccess> {
  const standing = await context.lists.standing(release);
  if (standing?.state === 'superseded') throw new Refusal('release-superseded');
  const record = await context.keyring.release(release);
  if (record === undefined) throw new Refusal('release-unknown');
  const signed = await context.server.grant(grantId);
  return {
    record,
    check: async (state) => {
      const nowMs = context.nowMs();
      const { recipeDigest, participants } = record;
      const question = { id: grantId, recipeDigest, nowMs };
      const grant = allowed(await checkReleaseGrant(state, signed, question));
      for (const owner of participants) {
        const vaultKey = context.identity.publicKey;
        const { purpose } = grant.grant;
        allowed(checkConsent(state, { ...owner, vaultKey, nowMs, purpose }));
      }
      const ask = releaseQuestion(state, action, grant.grant, question);
      const { decision } = allowed(checkPolicy(context.policies, ask));
      return { ...grant, decision };
    },
  };
}
