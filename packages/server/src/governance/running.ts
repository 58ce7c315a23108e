// Whether the programme runs: started, not halted and not closed.
import { HandrailError } from '@handrail/core/errors';
import type { ServerContext } from '../context.ts';

/** Throws `programme.draft`, `programme.closed`, `programme.halted`. */
export function requireRunning({ programme }: Pick<ServerContext, 'programme'>): void {
  const { halted, decided } = programme.inForce;
  const { phase } = decided.standing;
  if (phase === 'draft') {
    throw new HandrailError('programme.draft', 'The programme has not started yet.');
  }
  if (phase === 'closed') {
    throw new HandrailError('programme.closed', 'The programme is closed for good.');
  }
  if (halted) throw new HandrailError('programme.halted', 'The programme is halted.');
}
