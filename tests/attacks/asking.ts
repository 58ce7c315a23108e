// How an attacker asks with keys that are really theirs, without the command line in between.
import { setTimeout as delay } from 'node:timers/promises';
import { clientOf } from '@handrail/agent/home/client';
import { deviceSigner, Home } from '@handrail/agent/home/home';
import { type ClientContext, call, deviceRoutes, type JobState } from '@handrail/core/wire';

const askEveryMs = 100;
const asksMax = 300;

/** Asks as the device of a home does. */
export async function deviceClient(url: string, home: string): Promise<ClientContext> {
  return clientOf(url, await deviceSigner(await new Home(home).device()));
}

/** The state of a job once it is done or failed. */
export async function ended(client: ClientContext, id: string): Promise<JobState> {
  for (let asked = 0; asked < asksMax; asked += 1) {
    const job = await call(client, deviceRoutes.myJob, { params: { id } });
    if (job.state === 'done' || job.state === 'failed') return job;
    await delay(askEveryMs);
  }
  throw new Error('The job did not end.');
}
