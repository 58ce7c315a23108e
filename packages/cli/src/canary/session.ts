// The session that is measured: an organisation, a participant whose agent records a desktop while
// values go in by every way, and all that anybody may open of it afterwards.
import { HandrailError } from '@handrail/core/errors';
import { startDesk } from '../desk/desk.ts';
import { hiddenAreas } from '../desk/hidden-areas.ts';
import { newPerson } from '../person/person.ts';
import { checkLedger } from '../walk/ledger.ts';
import {
  agreeOnManifest,
  joinIn,
  type Organisation,
  startOrganisation,
} from '../walk/organisation.ts';
import { lookAtOwn, lookAtQuarantine, type OwnTrajectory } from '../walk/own-view.ts';
import { doTasks, type HandedIn, handIn, type Originals, startAgent } from '../walk/record.ts';
import { buildRelease, type OpenedRelease } from '../walk/release.ts';
import { held, type Walk } from '../walk/walk.ts';
import type { Mode } from './mode.ts';
import type { Planted } from './plant.ts';
import type { HiddenArea } from './read-back/scan-pictures.ts';

export interface Session {
  readonly organisation: Organisation;
  readonly handedIn: HandedIn;
  /** Why segments are in quarantine, one word for each. */
  readonly waiting: readonly string[];
  /** What each task's application saved, by the task's instruction. */
  readonly originals: Originals;
  readonly own: readonly OwnTrajectory[];
  readonly release: OpenedRelease;
  /** Where on the screen nothing may be seen. */
  readonly areas: readonly HiddenArea[];
}

export async function recordSession(
  walk: Walk,
  planted: readonly Planted[],
  mode: Mode,
): Promise<Session> {
  const { folders, line, report, stack } = walk;
  const step = report.step.bind(report);
  const organisation = await step('up', 'An organisation starts (k is 1 here: one person)', () =>
    startOrganisation(walk),
  );
  const { display, saved } = folders;
  const desk = await step('desk', 'A private display opens, with Chromium and a text editor', () =>
    held(stack, startDesk({ displayFolder: display, savedFolder: saved, side: true })),
  );
  const origin = desk.formOrigin;
  await step('manifest', 'Steward and officer agree on what may be captured', () =>
    agreeOnManifest(walk, organisation, { origin, mode }),
  );
  await step('join', 'A participant reads the notice and joins', () =>
    joinIn(line, folders.participant, organisation),
  );
  // What is measured is what redaction leaves: no frame is spared, however dense the work.
  await line.run(folders.participant, 'budget', '--cpu', '400');
  const agent = await step('agent', 'The agent starts, visibly', () => startAgent(walk, desk));
  const person = await newPerson(desk, planted);
  const areas = await hiddenAreas(desk, mode);
  const originals = await doTasks(walk, person);
  const handedIn = await step('refine', 'The recording is handed in and refined', () =>
    handIn(walk, agent),
  );
  const own = await step('mine', 'The participant looks at it', () => lookAtOwn(walk));
  const waiting = await lookAtQuarantine(walk);
  if (handedIn.refined === 0) {
    const why = [...new Set(waiting)].join(', ');
    throw new HandrailError('state.conflict', `No segment was refined: ${why || 'all rejected'}`);
  }
  const release = await step('release', 'A researcher asks, two roles approve, it is built', () =>
    buildRelease(walk, organisation, origin),
  );
  await step('ledger', 'The record is checked', () => checkLedger(walk, organisation));
  return { organisation, waiting, handedIn, originals, own, release, areas };
}
