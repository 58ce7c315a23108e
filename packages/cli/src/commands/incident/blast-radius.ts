// `incident blast-radius`: two answers. Could have read: policies replayed, and storage that probes
// found open, where things lie sealed. Did read: what the record holds.
import { type BlastRadiusView, call, incidentRoutes } from '@handrail/core/wire';
import { openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { IncidentOptions } from './command.ts';

export async function run(
  { home, out }: Session,
  options: IncidentOptions,
  id = '',
): Promise<undefined> {
  const { client, charter } = await openDesk(home, options.url);
  const radius = await call(client, incidentRoutes.blastRadius, { params: { id } });
  const roles = new Map(charter.persons.map((person) => [person.id, person.role]));
  const nameOf = (identity: string) => `${identity} ${roles.get(identity) ?? ''}`.trim();
  const could = radius.couldHaveRead.filter(({ byPolicy, byStorage }) => byPolicy + byStorage > 0);
  out.print(radius, [
    `${radius.artifacts} things that hold content, from ${radius.from} to ${radius.to}.`,
    'Could have read:',
    ...could.map(({ identity, byPolicy, byStorage }) => {
      return `  ${nameOf(identity)}: ${byPolicy} by policy, ${byStorage} sealed ones from storage`;
    }),
    ...(could.length === 0 ? ['  nobody anything'] : []),
    'Did read:',
    ...radius.didRead.map(({ identity, artifacts, reads }) => {
      return `  ${nameOf(identity)}: ${artifacts} things, ${reads} times`;
    }),
    ...radius.outgoing.map((one) => outgoingLine(one, nameOf)),
    `Openings in the ledger: ${JSON.stringify(radius.openings)}`,
    ...(radius.unexplained > 0 ? [`UNEXPLAINED reads: ${radius.unexplained}`] : []),
  ]);
}

function outgoingLine(
  { release, state, couldHaveExported, fromStorage, didExport, exports, models }: Outgoing,
  nameOf: (identity: string) => string,
): string {
  const could = couldHaveExported.map(nameOf).join(', ') || 'nobody';
  const did = didExport.map(nameOf).join(', ') || 'nobody';
  return [
    `${release} (${state}): could have been exported by ${could}`,
    ...(fromStorage ? ['lay sealed in storage that was open'] : []),
    `was by ${did}, ${exports} times`,
    `trained on it: ${models.map(({ name }) => `"${name}"`).join(', ') || 'nothing on record'}`,
  ].join('; ');
}

type Outgoing = BlastRadiusView['outgoing'][number];
