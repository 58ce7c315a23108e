// What bystanders are answered, and those who decide on their requests.
import { bystanderRoutes } from '@handrail/core/wire';
import type { ServerContext } from '../context.ts';
import { decideRequest, fileRequest, listRequests, viewRequest } from '../governance/bystanders.ts';
import { type Binding, forAnyone, forPerson } from './binding.ts';

export function bystanderBindings(context: ServerContext): readonly Binding[] {
  const routes = bystanderRoutes;
  return [
    forAnyone(routes.fileRequest, ({ body }) => fileRequest(context, body)),
    forAnyone(routes.request, ({ param }) => viewRequest(context, param('digest'))),
    forPerson(routes.requests, (_call, who) => listRequests(context, who)),
    forPerson(routes.decide, ({ body }, who) => decideRequest(context, body.statement, who)),
  ];
}
