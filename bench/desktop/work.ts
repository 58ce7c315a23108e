// The demo's person at work on a staged desk, recorded by the agent; what was recorded can be
// opened afterwards.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ManifestFile } from '@handrail/core/statement';
import { type Desk, startDesk } from 'handrail/desk/desk';
import { newPerson } from 'handrail/person/person';
import { type Organisation, startOrganisation } from '../organisation/organisation.ts';
import { type RunningAgent, startAgent } from './running-agent.ts';

/** Until what starting up left behind is done. */
export const settleMs = 8_000;

export interface RecordedWork {
  readonly desk: Desk;
  readonly agent: RunningAgent;
}

/** Does the person's tasks; `around` starts before them and hears when they are done. */
export async function recordWork(
  folder: string,
  around: (recorded: RecordedWork, work: () => Promise<void>) => Promise<void>,
): Promise<Organisation> {
  await mkdir(folder, { recursive: true });
  const folders = { displayFolder: join(folder, 'display'), savedFolder: join(folder, 'saved') };
  await using desk = await startDesk({ ...folders, side: false });
  const organisation = await startOrganisation(
    join(folder, 'organisation'),
    manifestOf([
      { app: 'chromium', origin: desk.formOrigin, mode: 'full' },
      { app: 'mousepad', mode: 'full' },
    ]),
  );
  try {
    await using agent = await startAgent(organisation.home, desk.display);
    await delay(settleMs);
    const person = await newPerson(desk, []);
    await around({ desk, agent }, async () => {
      for (const task of person.tasks) await task.work();
    });
  } catch (error) {
    await organisation[Symbol.asyncDispose]();
    throw error;
  }
  return organisation;
}

export function manifestOf(contexts: ManifestFile['contexts']): ManifestFile {
  return { version: 1, signals: ['key', 'pointer', 'window', 'focus', 'frame'], contexts };
}
