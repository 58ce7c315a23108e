// Which participants' devices are ended. What a device sealed counts only where the ledger had
// accepted it before.
import { type DeviceRevocation, mayRevokeDevice } from '@handrail/core/statement';
import { ownDeviceSigned } from './consent.ts';
import type { LedgerState, Made } from './state.ts';

export interface DeviceState {
  /** Leaf of the first revocation, by pseudonym. */
  readonly revokedDevices: Map<string, number>;
}

export function noRevocations(): DeviceState {
  return { revokedDevices: new Map() };
}

export const deviceRules = { 'device-revocation': applyRevocation } as const;

function applyRevocation(
  state: LedgerState,
  { pseudonym }: DeviceRevocation,
  { keys, index }: Made,
): boolean {
  if (!ownDeviceSigned(state, pseudonym, keys) && !mayRevokeDevice(state.charter, keys)) {
    return false;
  }
  if (!state.revokedDevices.has(pseudonym)) state.revokedDevices.set(pseudonym, index);
  return true;
}
