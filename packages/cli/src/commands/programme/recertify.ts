// `programme recertify`: says that persons of another role keep theirs for another while.
import { instantNow, openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { ProgrammeOptions } from './command.ts';
import { propose } from './propose.ts';

export async function run(
  { home, out }: Session,
  options: ProgrammeOptions,
  id = '',
): Promise<undefined> {
  const desk = await openDesk(home, options.url);
  const { programme } = desk.charter;
  const common = { v: 1, programme, at: instantNow() } as const;
  return propose(desk, out, { ...common, kind: 'recertification', persons: [id] });
}
