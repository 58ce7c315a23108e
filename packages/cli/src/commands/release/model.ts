// `release model add|list|decide`: which models were trained on a release, and what becomes of each
// once that is superseded. The holder of its grant signs both.
import { type ModelDecision, sign } from '@handrail/core/statement';
import { call, type ModelView, personRoutes } from '@handrail/core/wire';
import { instantNow, openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { AddModelOptions, DecideModelOptions, ReleaseOptions } from './command.ts';

export async function add(
  { home, out }: Session,
  { url, name, digest }: AddModelOptions,
  release = '',
): Promise<undefined> {
  const { client, signer, charter } = await openDesk(home, url);
  const { programme } = charter;
  const payload = { v: 1, kind: 'model', programme, release, name, digest } as const;
  const statement = await sign({ ...payload, at: instantNow() }, signer);
  const params = { id: release };
  const model = await call(client, personRoutes.addModel, { params, body: { statement } });
  out.print(model, [modelLine(model)]);
}

export async function list(
  { home, out }: Session,
  { url }: ReleaseOptions,
  id = '',
): Promise<undefined> {
  const { client } = await openDesk(home, url);
  const { models } = await call(client, personRoutes.models, { params: { id } });
  const lines = models.map(modelLine);
  out.print({ models }, lines.length > 0 ? lines : ['No model of it is on record.']);
}

export async function decide(
  { home, out }: Session,
  { url, decision, until, reason }: DecideModelOptions,
  digest = '',
): Promise<undefined> {
  const { client, signer, charter } = await openDesk(home, url);
  const payload: ModelDecision = {
    ...({ v: 1, kind: 'model-decision', programme: charter.programme } as const),
    ...{ model: digest, decision, reason, at: instantNow() },
    ...(until === undefined ? {} : { until }),
  };
  const body = { statement: await sign(payload, signer) };
  const model = await call(client, personRoutes.decideModel, { params: { digest }, body });
  out.print(model, [modelLine(model)]);
}

export function modelLine({ digest, name, open, decision, until, reason }: ModelView): string {
  const decided =
    decision === undefined ? '' : `, ${decision}${until ? ` ${until}` : ''}: ${reason}`;
  return `${digest} "${name}"${open ? ', OPEN: decide what becomes of it' : ''}${decided}`;
}
