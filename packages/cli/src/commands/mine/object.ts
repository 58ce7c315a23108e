// `mine object`: one's data is left out for a purpose from now on; `mine objections`: the answers.
import { objectTo } from '@handrail/agent/enrol/objection';
import { clientOf } from '@handrail/agent/home/client';
import { deviceSigner, Home } from '@handrail/agent/home/home';
import { answerDaysMax } from '@handrail/core/statement';
import { call, deviceRoutes } from '@handrail/core/wire';
import type { Session } from '../../session.ts';
import { objectionLine } from '../objection/words.ts';
import type { ObjectOptions } from './command.ts';

export async function object(session: Session, { purpose }: ObjectOptions): Promise<undefined> {
  const leaf = await objectTo(new Home(session.home), purpose);
  session.out.print({ purpose, state: 'objected', leaf }, [
    `Your data is left out for ${purpose} from now on, and releases with it are superseded.`,
    `A steward or officer answers within ${answerDaysMax} days, or it stays out for good.`,
  ]);
}

export async function list({ home, out }: Session): Promise<undefined> {
  const device = await new Home(home).device();
  const client = clientOf(device.url, await deviceSigner(device));
  const { objections } = await call(client, deviceRoutes.myObjections, {});
  const lines = objections.map(objectionLine);
  out.print({ objections }, lines.length > 0 ? lines : ['You object to no purpose.']);
}
