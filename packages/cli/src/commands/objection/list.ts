// `objection list`: one line each, newest first.
import { call, personRoutes } from '@handrail/core/wire';
import { openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { ObjectionOptions } from './command.ts';
import { objectionLine } from './words.ts';

export async function run({ home, out }: Session, options: ObjectionOptions): Promise<undefined> {
  const { client } = await openDesk(home, options.url);
  const { objections } = await call(client, personRoutes.objections, {});
  const lines = objections.map(objectionLine);
  out.print({ objections }, lines.length > 0 ? lines : ['Nobody objects to a purpose.']);
}
