// `status`: the same facts as the agent's own page, from this home and the server.
import { statusOf } from '@handrail/agent/control';
import { Home } from '@handrail/agent/home/home';
import type { Session } from '../../session.ts';
import { noticeLines } from '../mine/notice-lines.ts';
import { budgetLines } from './budget-lines.ts';

export async function run({ home, out }: Session): Promise<undefined> {
  const status = await statusOf(new Home(home));
  const { state, reason, pausedUntil, pendingManifest, spool, segments, dropped } = status;
  const { holds, notices, notLeft, budget } = status;
  const drops = Object.entries(dropped).map(([why, count]) => `${why} ${count}`);
  out.print(status, [
    `State: ${state}${reason ? ` (${reason})` : ''}${pausedUntil ? ` until ${pausedUntil}` : ''}`,
    `Here: ${spool.segments} segments, ${spool.bytes} bytes, sealed`,
    `Handed in: ${segments.accepted} accepted, ${segments.refined} refined, ` +
      `${segments.quarantined} in quarantine, ${segments.rejected} rejected`,
    ...(budget ? budgetLines(budget) : []),
    ...notices.flatMap(noticeLines),
    ...holds.map(
      ({ since, reason: why }) => `Destruction is delayed by a legal hold since ${since}: ${why}`,
    ),
    ...(drops.length > 0 ? [`Not captured: ${drops.join(', ')}`] : []),
    ...(notLeft ? [notLeft] : []),
    ...(pendingManifest ? ['A wider manifest waits for you: handrail accept'] : []),
  ]);
}
