// A hold in words and as JSON.
import type { Hold } from '@handrail/core/statement';
import type { HoldView } from '@handrail/core/wire';
import type { Output } from '../../output.ts';

export function sayHold(out: Output, view: HoldView): undefined {
  const { state, statement, release } = view;
  const id = statement.payload.hold;
  const lines = [holdLine(view)];
  if (state === 'pending') lines.push(`A person of another role runs: handrail hold approve ${id}`);
  if (state === 'placed' && release !== null) {
    lines.push(`A person of another role signs for its end too: handrail hold release ${id}`);
  }
  out.print({ id, state, signatures: (release ?? statement).signatures.length }, lines);
}

export function holdLine({ state, statement: { payload } }: HoldView): string {
  return `${payload.hold} ${state}: ${holdWords(payload)}`;
}

export function holdWords({ participant, days, reason }: Hold): string {
  const whose = participant ?? 'everybody';
  const when = days === null ? 'all days' : `${days.from} to ${days.to}`;
  return `keeps what ${whose} gave, ${when} (${reason})`;
}
