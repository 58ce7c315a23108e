// `programme show`: where it stands, and what waits for signatures.
import { statementDigest } from '@handrail/core/statement';
import { call, personRoutes } from '@handrail/core/wire';
import { openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { ProgrammeOptions } from './command.ts';
import { stateOf } from './say-state.ts';

export async function run({ home, out }: Session, options: ProgrammeOptions): Promise<undefined> {
  const { client } = await openDesk(home, options.url);
  const now = stateOf(await call(client, personRoutes.programmeState, {}));
  const { phase, charter, fingerprint, policy, certified, pending } = await call(
    client,
    personRoutes.decisions,
    {},
  );
  const waiting = pending.map((statement) => ({
    kind: statement.payload.kind,
    digest: statementDigest(statement),
    signatures: statement.signatures.length,
  }));
  const { number } = charter.payload;
  out.print(
    { ...now.facts, phase, charter: number, fingerprint, policy, certified, pending: waiting },
    [
      ...now.lines,
      `It is ${phase}, by charter ${number} (fingerprint ${fingerprint}).`,
      policy === null ? 'No policies are in force.' : `Policies: number ${policy.number}.`,
      ...certified.map(({ person, until }) => `  ${person} is certified until ${until}`),
      ...waiting.map(({ kind, digest }) => `Waits for signatures: ${kind} ${digest.slice(0, 12)}`),
    ],
  );
}
