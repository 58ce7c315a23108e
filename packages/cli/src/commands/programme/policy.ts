// `programme policy`: proposes the policies that come with this very version as those in force.
import { call, personRoutes } from '@handrail/core/wire';
import { openPolicies } from '@handrail/server/governance/policies';
import { instantNow, openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { ProgrammeOptions } from './command.ts';
import { decisionLines, propose } from './propose.ts';

export async function run({ home, out }: Session, options: ProgrammeOptions): Promise<undefined> {
  const desk = await openDesk(home, options.url);
  const { policy } = await call(desk.client, personRoutes.decisions, {});
  const { version: digest } = await openPolicies();
  if (policy?.digest === digest) {
    out.print({ kind: 'policy', state: 'decided', digest }, ['These policies are in force.']);
    return;
  }
  const { programme } = desk.charter;
  const number = (policy?.number ?? 0) + 1;
  const next = { v: 1, kind: 'policy', programme, number, digest, at: instantNow() } as const;
  for (const line of decisionLines(next)) out.note(line);
  return propose(desk, out, next);
}
