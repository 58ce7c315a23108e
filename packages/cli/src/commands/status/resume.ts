// `resume`: ends a pause.
import { resume } from '@handrail/agent/control';
import { Home } from '@handrail/agent/home/home';
import type { Session } from '../../session.ts';

export async function run({ home, out }: Session): Promise<undefined> {
  const joined = new Home(home);
  await joined.device();
  await resume(joined);
  out.print({ resumed: true }, ['The pause has ended: the agent records again where it may.']);
}
