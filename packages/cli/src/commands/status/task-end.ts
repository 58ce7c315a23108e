// `task end`: the task that was begun is done.
import { task } from '@handrail/agent/control';
import { Home } from '@handrail/agent/home/home';
import type { Session } from '../../session.ts';

export async function run({ home, out }: Session): Promise<undefined> {
  await task(new Home(home), 'end');
  out.print({ task: 'end' }, ['The task has ended.']);
}
