// What an objection and its answer are, in a line.
import type { ObjectionView } from '@handrail/core/wire';

export function objectionLine({
  digest,
  purpose,
  at,
  answerBy,
  out,
  answer,
  reason,
}: ObjectionView): string {
  const state = out ? 'the data stays out' : 'the data is in again';
  const said =
    answer === undefined ? `no answer yet, due by ${answerBy}` : `${answer}: ${reason ?? ''}`;
  return `${digest.slice(0, 16)} of ${at} to ${purpose}, ${state}; ${said}`;
}
