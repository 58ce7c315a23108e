// Consents and their ends, each signed by the participant's own first device.
import type { Consent, Erasure, Withdrawal } from '@handrail/core/statement';
import type { EpochFloors } from '../ledger/epoch-floors.ts';
import type { LedgerState, Made } from './state.ts';

export interface ConsentState {
  readonly participants: Map<string, ParticipantState>;
  /** Last epoch that is withdrawn or erased, by pseudonym. */
  readonly floors: Map<string, number>;
  /** Leaf of the last withdrawal or erasure, by pseudonym. */
  readonly left: Map<string, number>;
}

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

export function noConsents(floors: EpochFloors): ConsentState {
  return { participants: new Map(), floors: new Map(floors.consent), left: new Map() };
}

export const consentRules = {
  consent: applyConsent,
  withdrawal: applyEnd,
  erasure: applyEnd,
} as const;

function applyConsent(state: LedgerState, consent: Consent, { keys }: Made): boolean {
  const { pseudonym, consentEpoch, deviceKey, readingKey } = consent;
  const known = state.participants.get(pseudonym);
  if (!keys.has(deviceKey) || state.revokedDevices.has(pseudonym)) return false;
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
  { pseudonym, consentEpoch }: Withdrawal | Erasure,
  { keys, index }: Made,
): boolean {
  if (!ownDeviceSigned(state, pseudonym, keys)) return false;
  if (consentEpoch >= (state.floors.get(pseudonym) ?? 0)) state.left.set(pseudonym, index);
  state.floors.set(pseudonym, Math.max(consentEpoch, state.floors.get(pseudonym) ?? 0));
  return true;
}

export function ownDeviceSigned(
  { participants }: ConsentState,
  pseudonym: string,
  keys: ReadonlySet<string>,
): boolean {
  const participant = participants.get(pseudonym);
  return participant !== undefined && keys.has(participant.deviceKey);
}
