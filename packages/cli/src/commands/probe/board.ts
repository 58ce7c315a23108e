// `probe board`: each way with the time that it was last found shut, open ones first.
import { call, incidentRoutes } from '@handrail/core/wire';
import { openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { ProbeOptions } from './command.ts';

export async function run({ home, out }: Session, options: ProbeOptions): Promise<undefined> {
  const { client } = await openDesk(home, options.url);
  const { rounds, paths } = await call(client, incidentRoutes.probeBoard, {});
  const isOpen = ({ deniedAt, openAt }: (typeof paths)[number]) =>
    openAt !== null && (deniedAt === null || openAt > deniedAt);
  const sorted = [...paths.filter(isOpen), ...paths.filter((one) => !isOpen(one))];
  const last = rounds.at(-1);
  const lines = [
    last === undefined
      ? 'No probes have run yet.'
      : `Last round ${last.endedAt}: ${last.tried} probes, ${last.findings} open.`,
    ...sorted.map((one) => {
      const when = isOpen(one) ? `OPEN since ${one.openAt}` : `shut ${one.deniedAt}`;
      return `${when}  ${one.path}  (${one.identity})`;
    }),
  ];
  out.print({ rounds, paths: sorted }, lines);
}
