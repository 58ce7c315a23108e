// `erase`: destroys the keys of everything given, which cannot be undone.
import { notify } from '@handrail/agent/control';
import { withdraw } from '@handrail/agent/enrol/join';
import { Home } from '@handrail/agent/home/home';
import type { Session } from '../../session.ts';
import type { EraseOptions } from './command.ts';

export async function run(session: Session, options: EraseOptions): Promise<number | undefined> {
  const question = 'Destroy everything you gave? This cannot be undone.';
  if (!options.yes && !(await session.confirm(question, '--yes'))) {
    session.out.print({ state: 'unchanged' }, ['Nothing was erased.']);
    return 1;
  }
  await endConsent(new Home(session.home));
  session.out.print({ state: 'withdrawn', erased: true }, [
    'You have withdrawn, and the keys of what you gave are being destroyed.',
    'Published exports are beyond this: their holders are told.',
  ]);
}

// A running agent is told also when nobody can be reached: it stops at once all the same.
async function endConsent(home: Home): Promise<void> {
  try {
    await withdraw(home, 'erasure');
  } finally {
    await notify(home);
  }
}
