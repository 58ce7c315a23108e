// `programme resume`: signs the resume that waits, or a new one.
import { sign } from '@handrail/core/statement';
import { call, personRoutes } from '@handrail/core/wire';
import { instantNow, openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { ProgrammeOptions } from './command.ts';
import { sayState } from './say-state.ts';

export async function run({ home, out }: Session, options: ProgrammeOptions): Promise<undefined> {
  const { client, signer, charter } = await openDesk(home, options.url);
  const now = await call(client, personRoutes.programmeState, {});
  if (now.state === 'running') return sayState(out, now);
  const { programme } = charter;
  const programmeEpoch = now.programmeEpoch + 1;
  const fresh = { v: 1, kind: 'resume', programme, programmeEpoch, at: instantNow() } as const;
  const waiting = now.pendingResume?.payload;
  const isOurs = waiting?.programme === programme && waiting.programmeEpoch === programmeEpoch;
  const payload = isOurs && waiting.kind === 'resume' ? waiting : fresh;
  const statement = await sign(payload, signer);
  return sayState(out, await call(client, personRoutes.declare, { body: { statement } }));
}
