// Capture manifests, and who accepted which.
import {
  hasQuorum,
  isWider,
  type ManifestFile,
  type ManifestStatement,
  manifestHash,
  manifestRoles,
  type Statement,
  statementDigest,
} from '@handrail/core/statement';
import { decidingKeys } from '../ledger/charter.ts';
import type { LedgerState, Made } from './state.ts';

export interface ManifestState {
  /** Approved manifests by hash. */
  readonly manifests: Map<string, ManifestStatement>;
  /** Valid deciders' keys so far, by digest of what they signed. */
  readonly signers: Map<string, Set<string>>;
}

export function noManifests(): ManifestState {
  return { manifests: new Map(), signers: new Map() };
}

export const manifestRules = { manifest: applyManifest } as const;

function applyManifest(state: LedgerState, statement: ManifestStatement, { keys }: Made): boolean {
  const signers = gathered(state, statement, keys);
  if (signers.size === 0) return false;
  const { manifest: quorum } = state.charter.quorums;
  const roles = manifestRoles(quorum, activeManifest(state)?.manifest, statement.manifest);
  if (hasQuorum(state.charter, signers, roles)) {
    state.manifests.set(manifestHash(statement), statement);
  }
  return true;
}

/** Deciders' signatures may come one after the other, each in a leaf of its own. */
function gathered(
  state: LedgerState,
  payload: Statement,
  keys: ReadonlySet<string>,
): ReadonlySet<string> {
  const digest = statementDigest({ payload, signatures: [] });
  const signers = state.signers.get(digest) ?? new Set();
  for (const key of decidingKeys(state.charter, keys)) signers.add(key);
  state.signers.set(digest, signers);
  return signers;
}

/** The newest approved manifest. */
export function activeManifest(state: ManifestState): ManifestStatement | undefined {
  return [...state.manifests.values()].reduce<ManifestStatement | undefined>(
    (newest, next) => (newest === undefined || next.number > newest.number ? next : newest),
    undefined,
  );
}

/** Manifests that a participant accepted in this epoch, or that are no wider than one of them. */
export function allowedManifests(
  state: LedgerState,
  pseudonym: string,
  consentEpoch: number,
): Record<string, ManifestFile> {
  const hashes = state.participants.get(pseudonym)?.accepted.get(consentEpoch) ?? new Set();
  const accepted = [...hashes].flatMap((hash) => state.manifests.get(hash) ?? []);
  const allowed = [...state.manifests].filter(([, { manifest }]) =>
    accepted.some((one) => !isWider(one.manifest, manifest)),
  );
  return Object.fromEntries(allowed.map(([hash, { manifest }]) => [hash, manifest]));
}
