// Whether a stored trajectory is one that this vault made, under the id it was asked for, and whose
// participant consents now.
import { fromBase64url } from '@handrail/core/bytes';
import { type SealedTrajectory, verifyTrajectory } from '@handrail/core/dataset';
import type { Purpose } from '@handrail/core/statement';
import type { LedgerState } from '../state/state.ts';
import { type Consenting, type ConsentQuestion, checkConsent } from './consent.ts';
import { type Refused, refuse } from './verdict.ts';

export interface TrajectoryQuestion {
  readonly id: string;
  /** Ed25519, base64url. */
  readonly vaultKey: string;
  readonly nowMs: number;
  readonly purpose?: Purpose;
}

export async function checkTrajectory(
  state: LedgerState,
  trajectory: SealedTrajectory,
  { id, ...question }: TrajectoryQuestion & Pick<ConsentQuestion, 'use'>,
): Promise<Consenting | Refused> {
  const { programme, pseudonym, consentEpoch } = trajectory.header;
  if (!(await verifyTrajectory(trajectory, fromBase64url(question.vaultKey)))) {
    return refuse('vault-signature-invalid');
  }
  if (trajectory.header.trajectory !== id) return refuse('not-this-trajectory');
  if (programme !== state.charter.programme) return refuse('another-programme');
  return checkConsent(state, { ...question, pseudonym, consentEpoch });
}
