// `withdraw`: acts on this device before anything is sent; no reason, no approver.
import { withdraw } from '@handrail/agent/enrol/join';
import { Home } from '@handrail/agent/home/home';
import type { Session } from '../../session.ts';

export async function run({ home, out }: Session): Promise<undefined> {
  await withdraw(new Home(home), 'withdrawal');
  out.print({ state: 'withdrawn' }, [
    'You have withdrawn: nothing is captured and nothing more of yours is opened.',
    'To have what you gave destroyed: handrail erase',
  ]);
}
