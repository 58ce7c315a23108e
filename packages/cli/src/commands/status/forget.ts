// `forget`: destroys what is still on this device; what was handed in needs `erase`.
import { forget } from '@handrail/agent/control';
import { Home } from '@handrail/agent/home/home';
import { HandrailError } from '@handrail/core/errors';
import type { Session } from '../../session.ts';

const spans = ['15m', '1h', 'session', 'all'] as const;

export async function run(
  { home, out }: Session,
  _options: object,
  text: string,
): Promise<undefined> {
  const span = spans.find((one) => one === text);
  if (span === undefined) {
    throw new HandrailError('usage.invalid', 'Say what to forget: 15m, 1h, session or all.');
  }
  const segments = await forget(new Home(home), span);
  out.print({ forgotten: segments }, [
    `Forgotten: ${segments} segments of this device; nobody can open them any more.`,
  ]);
}
