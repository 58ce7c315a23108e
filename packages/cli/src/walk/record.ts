// Recording: the agent watches the display while the scripted person works, and hands in what it
// sealed.

import type { Desk } from '../desk/desk.ts';
import type { Person } from '../person/person.ts';
import type { Running } from './command-line.ts';
import type { Walk } from './walk.ts';

/** What each task's application saved, by the task's instruction. */
export type Originals = ReadonlyMap<string, Buffer>;

export async function startAgent({ line, folders, stack }: Walk, desk: Desk): Promise<Running> {
  const { display, busAddress } = desk.display;
  const args = ['agent', '--display', display, '--virtual-display', '--review-window', '0s'];
  const env = { DISPLAY: display, DBUS_SESSION_BUS_ADDRESS: busAddress };
  const agent = stack.use(line.start(folders.participant, args, env));
  await agent.line('recording', ({ state }) => state === 'recording');
  return agent;
}

export async function doTasks(walk: Walk, person: Person): Promise<Originals> {
  const { line, folders, report } = walk;
  const originals = new Map<string, Buffer>();
  for (const { name, instruction, work } of person.tasks) {
    await report.step(`task-${name}`, `The person works: ${instruction}`, async () => {
      await line.run(folders.participant, 'task', 'start', instruction);
      originals.set(instruction, await work());
      await line.run(folders.participant, 'task', 'end');
    });
    if (name === 'form') await person.elsewhere();
  }
  return originals;
}

/** What became of the segments that were handed in. */
export interface HandedIn {
  readonly refined: number;
  readonly quarantined: number;
  readonly rejected: number;
}

/** Ends the agent and waits until the vault has made something of all segments. */
export async function handIn(walk: Walk, agent: Running): Promise<HandedIn> {
  const { line, folders, report } = walk;
  const code = await agent.stop();
  report.check('the agent handed in all it recorded', code === 0, `exit status ${code}`);
  const { segments } = await line.run(folders.participant, 'wait', '--timeout', '120s');
  const {
    refined = 0,
    quarantined = 0,
    rejected = 0,
  } = { ...(segments as Record<string, number>) };
  report.figures.segments = refined + quarantined + rejected;
  return { refined, quarantined, rejected };
}
