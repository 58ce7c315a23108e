// `mine list`: one line per trajectory, without content.
import { clientOf } from '@handrail/agent/home/client';
import { deviceSigner, Home } from '@handrail/agent/home/home';
import { call, deviceRoutes } from '@handrail/core/wire';
import type { Session } from '../../session.ts';

export async function run({ home, out }: Session): Promise<undefined> {
  const device = await new Home(home).device();
  const client = clientOf(device.url, await deviceSigner(device));
  const { trajectories } = await call(client, deviceRoutes.trajectories, {});
  const lines = trajectories.map(({ id, day, actions, contexts, remade }) => {
    const places = contexts.map(({ app, origin }) => origin ?? app).join(', ');
    const less = remade === undefined ? '' : '; part was removed on a bystander’s request';
    return `${id} ${day}: ${actions} actions in ${places}${less}`;
  });
  out.print({ trajectories }, lines.length > 0 ? lines : ['Nothing was made of yours yet.']);
}
