// What the ledger's statements amount to, topic by topic. Each statement counts only with the
// signatures of those who may make it; one without changes nothing.
import {
  type Charter,
  certifiedKeys,
  personOf,
  type Statement,
  type StatementOf,
} from '@handrail/core/statement';
import type { EpochFloors } from '../ledger/epoch-floors.ts';
import { type BystanderState, bystanderRules, noRemovals } from './bystander.ts';
import { type ConsentState, consentRules, noConsents } from './consent.ts';
import { type DeviceState, deviceRules, noRevocations } from './device.ts';
import { type GrantState, grantRules, noGrants } from './grant.ts';
import { type HoldState, holdRules, noHolds } from './hold.ts';
import { incidentRules } from './incident.ts';
import { type ManifestState, manifestRules, noManifests } from './manifest.ts';
import { modelRules } from './model.ts';
import { noObjections, type ObjectionState, objectionRules } from './objection.ts';
import { newProgramme, type ProgrammeState, programmeRules } from './programme.ts';
import { noDecisions, type QuarantineState, quarantineRules } from './quarantine.ts';

export interface LedgerState
  extends ProgrammeState,
    ManifestState,
    ConsentState,
    DeviceState,
    GrantState,
    QuarantineState,
    HoldState,
    ObjectionState,
    BystanderState {}

/** `carried` is the digest of the policies that come with this keeper's code. */
export function emptyState(charter: Charter, floors: EpochFloors, carried: string): LedgerState {
  return {
    ...newProgramme(charter, floors, carried),
    ...noManifests(),
    ...noConsents(floors),
    ...noRevocations(),
    ...noGrants(),
    ...noDecisions(),
    ...noHolds(),
    ...noObjections(),
    ...noRemovals(),
  };
}

const rules: { readonly [K in Statement['kind']]: Rule<K> } = {
  ...programmeRules,
  ...manifestRules,
  ...consentRules,
  ...deviceRules,
  ...grantRules,
  ...quarantineRules,
  ...objectionRules,
  ...modelRules,
  ...incidentRules,
  ...holdRules,
  ...bystanderRules,
};

/** Changes the state as the statement says; false, and nothing changes, when it may not be made. */
export type Rule<K extends Statement['kind']> = (
  state: LedgerState,
  statement: StatementOf<K>,
  made: Made,
) => boolean;

/** How a statement was made. */
export interface Made {
  /** Of the valid signatures, base64url. */
  readonly keys: ReadonlySet<string>;
  /** Its place in the ledger. */
  readonly index: number;
  /** When it came there, Unix ms, as the ledger says. */
  readonly atMs: number;
  /** The latest time that any entry up to this one says. */
  readonly reachedMs: number;
}

/** What a person may do whose role has lapsed: stop things, and say whose role goes on. */
const withoutCertification: readonly Statement['kind'][] = [
  'halt',
  'revocation',
  'device-revocation',
  'recertification',
];

/** Applies one statement; false when those who signed may not make it. */
export function applyStatement(state: LedgerState, statement: Statement, made: Made): boolean {
  if (statement.programme !== state.charter.programme) return false;
  const rule = rules[statement.kind] as Rule<Statement['kind']>;
  const isFree = withoutCertification.includes(statement.kind);
  const keys = isFree ? made.keys : certifiedKeys(state.standing, made.keys, made.atMs);
  return rule(state, statement as never, { ...made, keys });
}

export function floorsOf(state: LedgerState): EpochFloors {
  const { standing, seen, programmeEpoch } = state;
  return {
    programmeEpoch,
    consent: state.floors,
    charter: Math.max(seen.charter, state.charter.number),
    policy: Math.max(seen.policy, standing.policy?.number ?? 0),
  };
}

/** The keys among `keys` that are of persons of the charter. */
export function personKeys({ charter }: LedgerState, keys: ReadonlySet<string>): string[] {
  return [...keys].filter((key) => personOf(charter, key) !== undefined);
}
