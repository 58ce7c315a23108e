// `programme start`: ends the draft, once enough have signed.
import { canonicalDigest } from '@handrail/core/canonical-json';
import { instantNow, openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { ProgrammeOptions } from './command.ts';
import { propose } from './propose.ts';

export async function run({ home, out }: Session, options: ProgrammeOptions): Promise<undefined> {
  const desk = await openDesk(home, options.url);
  const { programme } = desk.charter;
  const charter = canonicalDigest(desk.charter);
  return propose(desk, out, { v: 1, kind: 'start', programme, charter, at: instantNow() });
}
