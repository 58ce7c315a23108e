// Whether enough different participants stand behind a release, within what its grant allows.
import type { Charter, Grant } from '@handrail/core/statement';
import { taskBytesMax } from '../../worker/task.ts';
import { type Refused, refuse } from './verdict.ts';

export interface CandidateFacts {
  readonly pseudonym: string;
  /** Of the sealed trajectory. */
  readonly bytes: number;
}

export function checkCandidates(
  charter: Charter,
  grant: Grant,
  candidates: readonly CandidateFacts[],
): { readonly kind: 'allowed' } | Refused {
  if (candidates.length > grant.objectsMax) return refuse('too-many-objects');
  const bytes = candidates.reduce((sum, candidate) => sum + candidate.bytes, 0);
  if (bytes > Math.min(grant.bytesMax, taskBytesMax)) return refuse('too-many-bytes');
  if (candidates.length === 0) return refuse('nothing-selected');
  const participants = new Set(candidates.map(({ pseudonym }) => pseudonym));
  return participants.size < charter.k ? refuse('too-few-participants') : { kind: 'allowed' };
}
