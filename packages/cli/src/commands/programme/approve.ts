// `programme approve`: one more signature over the very same decision, which is shown.
import { HandrailError } from '@handrail/core/errors';
import { statementDigest } from '@handrail/core/statement';
import { call, personRoutes } from '@handrail/core/wire';
import { openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { ProgrammeOptions } from './command.ts';
import { decisionLines, propose } from './propose.ts';

const lettersMin = 8;

export async function run(
  { home, out }: Session,
  options: ProgrammeOptions,
  start = '',
): Promise<undefined> {
  if (start.length < lettersMin) {
    throw new HandrailError(
      'usage.invalid',
      `Give at least ${lettersMin} letters of the decision.`,
    );
  }
  const desk = await openDesk(home, options.url);
  const { pending } = await call(desk.client, personRoutes.decisions, {});
  const [found, other] = pending.filter((one) => statementDigest(one).startsWith(start));
  if (found === undefined || other !== undefined) {
    throw new HandrailError('not.found', `No one decision ${start} waits: see programme show.`);
  }
  for (const line of decisionLines(found.payload)) out.note(line);
  return propose(desk, out, found.payload);
}
