// `programme amend`: proposes the next charter, from a file with what is to be another.
import { readFile } from 'node:fs/promises';
import { canonicalDigest } from '@handrail/core/canonical-json';
import { HandrailError } from '@handrail/core/errors';
import { charterSchema, whyUnsound } from '@handrail/core/statement';
import { openDesk } from '../../home/desk.ts';
import { readJsonFile } from '../../home/json-file.ts';
import type { Session } from '../../session.ts';
import type { AmendOptions } from './command.ts';
import { decisionLines, propose } from './propose.ts';

const changesSchema = charterSchema.partial();

export async function run(
  { home, out }: Session,
  options: AmendOptions,
  file = '',
): Promise<undefined> {
  const changes = await readJsonFile(file, changesSchema, 'charter, or what changes of one');
  const desk = await openDesk(home, options.url);
  const { number, programme } = desk.charter;
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  const fixed = { v: 1, kind: 'charter', programme, number: number + 1 } as const;
  const next = charterSchema.parse({ ...desk.charter, ...Object.fromEntries(given), ...fixed });
  if (canonicalDigest({ ...next, number }) === canonicalDigest(desk.charter)) {
    throw new HandrailError('usage.invalid', 'Nothing in this file is another than in force.');
  }
  const unsound = whyUnsound(next);
  if (unsound) throw new HandrailError('usage.invalid', `Mend the charter: ${unsound}.`);
  for (const line of decisionLines(next)) out.note(line);
  return propose(desk, out, next, options.notice && (await readFile(options.notice, 'utf8')));
}
