// What a participant is told of an incident: what was exposed, since when, and what they can do.
import type { IncidentReport } from '@handrail/core/wire';

export function noticeLines({ id, since, closedAt, closing }: IncidentReport): string[] {
  const head = `Incident ${id}: since ${since} others may have been able to reach what you gave.`;
  if (closing === null) {
    return [head, '  It is open: what was exposed is being looked into.', `  ${whatToDo}`];
  }
  const { exposed, controlsFailed, accessChanged, retentionChanged, fixedAt } = closing;
  return [
    head,
    `  Exposed: ${exposed}`,
    `  Failed: ${controlsFailed.join('; ')}. Mended ${fixedAt}, closed ${closedAt}.`,
    `  Access: ${accessChanged}. Retention: ${retentionChanged}.`,
    `  ${whatToDo}`,
  ];
}

const whatToDo =
  'You can see who opened what of yours (handrail mine reads), have it left out of a purpose ' +
  '(handrail mine object), leave (handrail withdraw) or have it destroyed (handrail erase).';
