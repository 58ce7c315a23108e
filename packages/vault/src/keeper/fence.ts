// What a worker made leaves only while the reasons for it still hold: a withdrawal, a revocation or
// a halt that came in meanwhile ends the job, and nothing of it counts.
import { HandrailError } from '@handrail/core/errors';
import type { KeeperContext } from './keeper-context.ts';
import type { LedgerState } from './state/state.ts';

/** Throws `Refusal` where it does not hold under a state of the ledger. */
export type Check = (state: LedgerState) => Promise<unknown>;

/**
 * Calls `give` once `check` holds in a checkpoint that was cosigned just now, and looks again after
 * it. What was given then is nobody's: a job that did not end as done has no result.
 */
export async function giveOut<T>(
  { ledger }: KeeperContext,
  check: Check,
  give: () => Promise<T>,
): Promise<T> {
  await check(await ledger.state('fresh'));
  const given = await give();
  await check(await ledger.state());
  return given;
}

/** For what can be made again without those who have left: the job is tried once more. */
export function changedMeanwhile(): HandrailError {
  return new HandrailError('state.conflict', 'A participant has left meanwhile: build again.');
}
