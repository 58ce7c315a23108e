// `task start`: the participant's own words become the instruction of what follows.
import { task } from '@handrail/agent/control';
import { Home } from '@handrail/agent/home/home';
import { HandrailError } from '@handrail/core/errors';
import type { Session } from '../../session.ts';

const taskCharsMax = 2_000;

export async function run(
  { home, out }: Session,
  _options: object,
  text: string,
): Promise<undefined> {
  if (text.trim() === '' || text.length > taskCharsMax) {
    throw new HandrailError('usage.invalid', `Say what you do in 1 to ${taskCharsMax} characters.`);
  }
  await task(new Home(home), 'start', text.trim());
  out.print({ task: 'start' }, ['The task has begun. When it is done: handrail task end']);
}
