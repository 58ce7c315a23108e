// What became of a bystander's request, in words.
import type { BystanderView } from '@handrail/core/wire';

export function requestLines({ request, state, day, decided, answer }: BystanderView): string[] {
  const lines = [`${request} of ${day}: ${words[state]}`];
  if (decided !== null) lines.push(`Decided on in entry ${decided} of the ledger.`);
  if (answer === null) return lines;
  const { counted, isWhole, entry } = answer;
  const many = counted === 0 ? 'None, or too few to be told' : `At least ${counted}`;
  lines.push(`${many}: recordings that were made anew. Entry ${entry.index} of the ledger.`);
  if (!isWhole) {
    lines.push('Some recordings could not be looked at: those of people whose consent is late or');
    lines.push('ended, or that were not in reach. Ask again in a month.');
  }
  return lines;
}

const words: Readonly<Record<BystanderView['state'], string>> = {
  waiting: 'waits for a steward and an officer.',
  decided: 'decided on; the vault carries it out.',
  done: 'done. It does not apply to what is recorded from now on.',
  refused: 'refused by the vault: it seeks too much. Make another one that only you fit.',
  expired: 'nobody decided on it in time. Make another one.',
};
