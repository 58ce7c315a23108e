// `programme close`: ends the programme for good, once enough have signed.
import { canonicalDigest } from '@handrail/core/canonical-json';
import { instantNow, openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { CloseOptions } from './command.ts';
import { propose } from './propose.ts';

export async function run(session: Session, options: CloseOptions): Promise<number | undefined> {
  const { home, out } = session;
  const desk = await openDesk(home, options.url);
  const agreed =
    options.close || (await session.confirm('Close the programme for good?', '--close'));
  if (!agreed) {
    out.print({ state: 'kept' }, ['Not signed: the programme goes on.']);
    return 1;
  }
  const { programme } = desk.charter;
  const charter = canonicalDigest(desk.charter);
  return propose(desk, out, { v: 1, kind: 'close', programme, charter, at: instantNow() });
}
