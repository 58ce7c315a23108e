// `withdraw`: acts on this device before anything is sent; no reason, no approver.
import { notify } from '@handrail/agent/control';
import { withdraw } from '@handrail/agent/enrol/join';
import { Home } from '@handrail/agent/home/home';
import type { Session } from '../../session.ts';

export async function run({ home, out }: Session): Promise<undefined> {
  await endConsent(new Home(home));
  out.print({ state: 'withdrawn' }, [
    'You have withdrawn: nothing is captured and nothing more of yours is opened.',
    'To have what you gave destroyed: handrail erase',
  ]);
}

// A running agent is told also when nobody can be reached: it stops at once all the same.
async function endConsent(home: Home): Promise<void> {
  try {
    await withdraw(home, 'withdrawal');
  } finally {
    await notify(home);
  }
}
