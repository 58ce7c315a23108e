// `objection answer`: a decider's signed answer. A no counts only if it comes in time.
import { HandrailError } from '@handrail/core/errors';
import { type ObjectionAnswer, sign } from '@handrail/core/statement';
import { call, personRoutes } from '@handrail/core/wire';
import { instantNow, openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { AnswerOptions } from './command.ts';
import { objectionLine } from './words.ts';

const lettersMin = 8;

export async function run(
  { home, out }: Session,
  { url, answer, reason }: AnswerOptions,
  start = '',
): Promise<undefined> {
  const { client, signer, charter } = await openDesk(home, url);
  const { objections } = await call(client, personRoutes.objections, {});
  const found = objections.filter(({ digest }) => digest.startsWith(start));
  const [one] = found;
  if (one === undefined || found.length > 1 || start.length < lettersMin) {
    throw new HandrailError('not.found', 'Name one objection: see "handrail objection list".');
  }
  const payload: ObjectionAnswer = {
    ...({ v: 1, kind: 'objection-answer', programme: charter.programme } as const),
    ...{ objection: one.digest, answer, reason, at: instantNow() },
  };
  const params = { digest: one.digest };
  const body = { statement: await sign(payload, signer) };
  const after = await call(client, personRoutes.answerObjection, { params, body });
  out.print(after, [objectionLine(after)]);
}
