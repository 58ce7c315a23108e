// `mine notices`: incidents that concern what this participant gave.
import { clientOf } from '@handrail/agent/home/client';
import { deviceSigner, Home } from '@handrail/agent/home/home';
import { call, incidentRoutes } from '@handrail/core/wire';
import type { Session } from '../../session.ts';
import { noticeLines } from './notice-lines.ts';

export async function run({ home, out }: Session): Promise<undefined> {
  const device = await new Home(home).device();
  const client = clientOf(device.url, await deviceSigner(device));
  const { notices } = await call(client, incidentRoutes.notices, {});
  const lines = notices.flatMap(noticeLines);
  out.print({ notices }, lines.length > 0 ? lines : ['No incident concerns what you gave.']);
}
