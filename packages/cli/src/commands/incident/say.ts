// An incident in words and as JSON: what leads to a decision first, and no person by name.
import type { IncidentView } from '@handrail/core/wire';
import type { Output } from '../../output.ts';

const hourMs = 3_600_000;

export function sayIncident(out: Output, incident: IncidentView): undefined {
  out.print(incident, linesOf(incident));
}

export function linesOf(incident: IncidentView): readonly string[] {
  const { id, severity, what, openedAt, closedAt, halted, affected, missing } = incident;
  const state = closedAt === null ? `open since ${openedAt}` : `closed ${closedAt}`;
  const people = affected.participants === null ? 'too few to count' : affected.participants;
  return [
    `${id}: severity ${severity}, ${state}. ${what}`,
    `  The programme is ${halted ? 'halted' : 'running'}. ${agentsLine(incident)}`,
    `  Concerned: ${people} participants, ${affected.releases.length} releases, ` +
      `${affected.exports} exports.`,
    ...(closedAt === null ? [clockLine(incident)] : []),
    ...missing.map((reason) => `  Not to be closed yet: ${reason}.`),
  ];
}

function agentsLine({ agents, halted }: IncidentView): string {
  const { counted, stopped, allStopped, lastLeaseEnds } = agents;
  if (!halted) return '';
  if (allStopped) return 'All agents have stopped.';
  const some = counted === null ? 'Some agents' : `${stopped} of ${counted} agents`;
  return `${some} stopped so far; the last lease ends ${lastLeaseEnds}.`;
}

function clockLine({ notifyBy }: IncidentView): string {
  const hours = Math.floor((Date.parse(notifyBy) - Date.now()) / hourMs);
  const left = hours < 0 ? 'over' : `${hours} h left`;
  return `  72-hour clock: until ${notifyBy} (${left}).`;
}
