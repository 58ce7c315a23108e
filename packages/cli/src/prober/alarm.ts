// What a prober does about what it found: it halts the programme and opens an incident, once.
import { idOf } from '@handrail/core/ids';
import { randomBytes } from '@handrail/core/seal';
import {
  type IncidentOpened,
  type ProbeFinding,
  type ProbeReport,
  severityMax,
  sign,
} from '@handrail/core/statement';
import { call, incidentRoutes, personRoutes } from '@handrail/core/wire';
import { type Desk, instantNow } from '../home/desk.ts';

const namedMax = 5;

/** The id of the incident: a new one, or the one that is open already. */
export async function alarm(
  { client, signer, charter }: Pick<Desk, 'client' | 'signer' | 'charter'>,
  { findings, startedAt }: Pick<ProbeReport, 'findings' | 'startedAt'>,
): Promise<string> {
  const { incidents } = await call(client, incidentRoutes.incidents, {});
  const open = incidents.find(({ closedAt, severity }) => {
    return closedAt === null && severity < severityMax;
  });
  if (open?.halted) return open.id;
  const { programme } = charter;
  const { programmeEpoch } = await call(client, personRoutes.programmeState, {});
  const at = instantNow();
  const halt = { v: 1, kind: 'halt', programme, programmeEpoch: programmeEpoch + 1, at } as const;
  const incident: IncidentOpened = {
    v: 1,
    kind: 'incident-opened',
    programme,
    incident: idOf('inc', randomBytes(32)),
    severity: severityOf(findings),
    cause: 'probe',
    what: wordsOf(findings),
    since: startedAt,
    at,
  };
  const body = { incident: await sign(incident, signer), halt: await sign(halt, signer) };
  return (await call(client, incidentRoutes.openIncident, { body })).id;
}

/** Keys in reach, or an answer: 1. Ciphertext in reach: 2. What only tells apart: 3. */
function severityOf(findings: readonly ProbeFinding[]): number {
  const opens = findings.some(({ what, path }) => {
    return what === 'read' || /^folder (vault|people)/.test(path);
  });
  if (opens) return 1;
  return findings.some(({ what }) => what === 'open') ? 2 : 3;
}

function wordsOf(findings: readonly ProbeFinding[]): string {
  const named = findings.slice(0, namedMax).map(({ path, identity }) => `${path} to ${identity}`);
  const more = findings.length > namedMax ? [`${findings.length - namedMax} more`] : [];
  return `Probes found open: ${[...named, ...more].join('; ')}.`;
}
