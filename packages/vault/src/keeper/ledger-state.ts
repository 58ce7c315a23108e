// What the ledger's statements amount to. Each statement counts only with the signatures of those
// who may make it; one without changes nothing.
import {
  type Charter,
  type CheckedApproval,
  type Consent,
  hasQuorum,
  isWider,
  type ManifestFile,
  type ManifestStatement,
  manifestHash,
  manifestRoles,
  mayHalt,
  mayResume,
  personOf,
  type QuarantineDecision,
  type Statement,
  statementDigest,
} from '@handrail/core/statement';
import { decidingKeys } from './charter.ts';
import type { EpochFloors } from './epoch-floors.ts';

export interface ParticipantState {
  /** Ed25519, base64url: the one that signed the first consent. */
  readonly deviceKey: string;
  /** X25519, base64url: of the first consent. A device that was taken over cannot name another. */
  readonly readingKey: string;
  /** The latest consent of each epoch. */
  readonly consents: Map<number, Consent>;
  /** Hashes of the manifests that were accepted in each epoch. */
  readonly accepted: Map<number, Set<string>>;
}

export interface LedgerState {
  readonly charter: Charter;
  readonly participants: Map<string, ParticipantState>;
  /** Last epoch that is withdrawn or erased, by pseudonym. */
  readonly floors: Map<string, number>;
  /** Approved manifests by hash. */
  readonly manifests: Map<string, ManifestStatement>;
  /** Valid deciders' keys so far, by digest of what they signed. */
  readonly signers: Map<string, Set<string>>;
  /** By grant id. */
  readonly approvals: Map<string, CheckedApproval[]>;
  readonly revoked: Set<string>;
  /** By segment id; a deletion stays one. */
  readonly decided: Map<string, QuarantineDecision>;
  programmeEpoch: number;
  halted: boolean;
}

export function emptyState(charter: Charter, floors: EpochFloors): LedgerState {
  return {
    charter,
    participants: new Map(),
    floors: new Map(floors.consent),
    manifests: new Map(),
    signers: new Map(),
    approvals: new Map(),
    revoked: new Set(),
    decided: new Map(),
    programmeEpoch: floors.programmeEpoch,
    halted: false,
  };
}

export function floorsOf(state: LedgerState): EpochFloors {
  return { programmeEpoch: state.programmeEpoch, consent: state.floors };
}

/** The newest approved manifest. */
export function activeManifest(state: LedgerState): ManifestStatement | undefined {
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

/** Applies one statement that `keys` validly signed; false when they may not make it. */
export function applyStatement(
  state: LedgerState,
  statement: Statement,
  keys: ReadonlySet<string>,
): boolean {
  if (statement.programme !== state.charter.programme) return false;
  switch (statement.kind) {
    case 'consent':
      return applyConsent(state, statement, keys);
    case 'withdrawal':
    case 'erasure':
      return applyEnd(state, statement.pseudonym, statement.consentEpoch, keys);
    case 'quarantine-release':
    case 'quarantine-deletion':
      return applyDecision(state, statement, keys);
    case 'manifest':
      return applyManifest(state, statement, keys);
    case 'approval': {
      const persons = [...keys].filter((key) => personOf(state.charter, key) !== undefined);
      const held = state.approvals.get(statement.grant.id) ?? [];
      for (const key of persons)
        held.push({ key, approval: statement as CheckedApproval['approval'] });
      state.approvals.set(statement.grant.id, held);
      return persons.length > 0;
    }
    case 'revocation':
      if (!anyPerson(state, keys)) return false;
      state.revoked.add(statement.grant);
      return true;
    case 'halt':
      if (!mayHalt(state.charter, keys)) return false;
      state.halted = true;
      state.programmeEpoch = Math.max(state.programmeEpoch, statement.programmeEpoch);
      return true;
    case 'resume':
      return applyResume(state, statement, keys);
    case 'charter':
      return statement.number === state.charter.number;
  }
}

function applyConsent(state: LedgerState, consent: Consent, keys: ReadonlySet<string>): boolean {
  const { pseudonym, consentEpoch, deviceKey, readingKey } = consent;
  const known = state.participants.get(pseudonym);
  if (!keys.has(deviceKey)) return false;
  if (known && (known.deviceKey !== deviceKey || known.readingKey !== readingKey)) return false;
  // Epochs under the floor are kept too: shredding has to know them. Checks refuse them first.
  const participant = known ?? {
    deviceKey,
    readingKey,
    consents: new Map(),
    accepted: new Map(),
  };
  const earlier = participant.consents.get(consentEpoch);
  if (earlier !== undefined && consent.at < earlier.at) return false;
  if (consentEpoch < Math.max(0, ...participant.consents.keys())) return false;
  participant.consents.set(consentEpoch, consent);
  const accepted = participant.accepted.get(consentEpoch) ?? new Set();
  if (consent.manifest !== null) accepted.add(consent.manifest);
  participant.accepted.set(consentEpoch, accepted);
  state.participants.set(pseudonym, participant);
  return true;
}

function applyEnd(
  state: LedgerState,
  pseudonym: string,
  consentEpoch: number,
  keys: ReadonlySet<string>,
): boolean {
  const participant = state.participants.get(pseudonym);
  if (participant === undefined || !keys.has(participant.deviceKey)) return false;
  state.floors.set(pseudonym, Math.max(consentEpoch, state.floors.get(pseudonym) ?? 0));
  return true;
}

function applyDecision(
  state: LedgerState,
  decision: QuarantineDecision,
  keys: ReadonlySet<string>,
): boolean {
  const participant = state.participants.get(decision.pseudonym);
  if (participant === undefined || !keys.has(participant.deviceKey)) return false;
  const earlier = state.decided.get(decision.segment);
  if (earlier?.kind !== 'quarantine-deletion') state.decided.set(decision.segment, decision);
  return true;
}

/** What the segment's own participant decided about it. */
export function decisionOn(
  { decided }: LedgerState,
  { id, pseudonym }: { readonly id: string; readonly pseudonym: string },
): QuarantineDecision['kind'] | undefined {
  const decision = decided.get(id);
  return decision?.pseudonym === pseudonym ? decision.kind : undefined;
}

function applyManifest(
  state: LedgerState,
  statement: ManifestStatement,
  keys: ReadonlySet<string>,
): boolean {
  const signers = gathered(state, statement, keys);
  if (signers.size === 0) return false;
  const { manifest: quorum } = state.charter.quorums;
  const roles = manifestRoles(quorum, activeManifest(state)?.manifest, statement.manifest);
  if (hasQuorum(state.charter, signers, roles)) {
    state.manifests.set(manifestHash(statement), statement);
  }
  return true;
}

function applyResume(
  state: LedgerState,
  statement: Extract<Statement, { kind: 'halt' | 'resume' }>,
  keys: ReadonlySet<string>,
): boolean {
  if (statement.programmeEpoch < state.programmeEpoch) return false;
  if (!mayResume(state.charter, keys)) return false;
  state.programmeEpoch = statement.programmeEpoch;
  state.halted = false;
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

function anyPerson(state: LedgerState, keys: ReadonlySet<string>): boolean {
  return [...keys].some((key) => personOf(state.charter, key) !== undefined);
}
