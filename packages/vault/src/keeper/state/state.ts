// What the ledger's statements amount to, topic by topic. Each statement counts only with the
// signatures of those who may make it; one without changes nothing.
import { type Charter, personOf, type Statement, type StatementOf } from '@handrail/core/statement';
import type { EpochFloors } from '../epoch-floors.ts';
import { type ConsentState, consentRules, noConsents } from './consent.ts';
import { type GrantState, grantRules, noGrants } from './grant.ts';
import { incidentRules } from './incident.ts';
import { type ManifestState, manifestRules, noManifests } from './manifest.ts';
import { newProgramme, type ProgrammeState, programmeRules } from './programme.ts';
import { noDecisions, type QuarantineState, quarantineRules } from './quarantine.ts';

export interface LedgerState
  extends ProgrammeState,
    ManifestState,
    ConsentState,
    GrantState,
    QuarantineState {}

export function emptyState(charter: Charter, floors: EpochFloors): LedgerState {
  return {
    ...newProgramme(charter, floors),
    ...noManifests(),
    ...noConsents(floors),
    ...noGrants(),
    ...noDecisions(),
  };
}

const rules: { readonly [K in Statement['kind']]: Rule<K> } = {
  ...programmeRules,
  ...manifestRules,
  ...consentRules,
  ...grantRules,
  ...quarantineRules,
  ...incidentRules,
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
}

/** Applies one statement; false when those who signed may not make it. */
export function applyStatement(state: LedgerState, statement: Statement, made: Made): boolean {
  if (statement.programme !== state.charter.programme) return false;
  const rule = rules[statement.kind] as Rule<Statement['kind']>;
  return rule(state, statement as never, made);
}

export function floorsOf(state: LedgerState): EpochFloors {
  return { programmeEpoch: state.programmeEpoch, consent: state.floors };
}

/** The keys among `keys` that are of persons of the charter. */
export function personKeys({ charter }: LedgerState, keys: ReadonlySet<string>): string[] {
  return [...keys].filter((key) => personOf(charter, key) !== undefined);
}
