// The whole walk, one step a line: an organisation, a participant, a recorded desktop, a release
// that two roles approved, the record of it, the search for what must not be in it, and a replay.
import { once } from 'node:events';
import { HandrailError } from '@handrail/core/errors';
import type { Output } from '../output.ts';
import { type Planted, plant, readPlantFile } from './canary/plant.ts';
import { CommandLine } from './command-line.ts';
import { startDesk } from './desk/desk.ts';
import { hiddenAreas } from './desk/hidden-areas.ts';
import { applicationFolders, type DemoFolders, makeFolders, writtenFolders } from './folders.ts';
import { expenseTask } from './person/expense-form.ts';
import { newPerson } from './person/person.ts';
import { Report } from './report.ts';
import { checkLedger } from './steps/ledger.ts';
import { agreeOnManifest, joinIn, startOrganisation } from './steps/organisation.ts';
import { lookAtOwn } from './steps/own-view.ts';
import { doTasks, handIn, startAgent } from './steps/record.ts';
import { buildRelease } from './steps/release.ts';
import { checkReplay } from './steps/replay.ts';
import { searchEverything } from './steps/search.ts';

/** What the steps share. */
export interface Demo {
  readonly folders: DemoFolders;
  readonly line: CommandLine;
  readonly report: Report;
  /** Ends whatever was started, last first. */
  readonly stack: AsyncDisposableStack;
}

export interface DemoOptions {
  readonly keep: string | undefined;
  readonly plantFile: string | undefined;
  readonly out: Output;
  readonly signal: AbortSignal;
}

export interface DemoResult {
  readonly ok: boolean;
  readonly report: Report;
  readonly folders: DemoFolders;
}

export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const outside = options.plantFile === undefined ? [] : await readPlantFile(options.plantFile);
  const folders = await makeFolders(options.keep);
  const report = new Report(options.out.note);
  const planted = [...plant(), ...outside];
  const stack = new AsyncDisposableStack();
  const line = stack.use(new CommandLine(folders));
  const walking = walk({ folders, line, report, stack }, planted);
  try {
    await Promise.race([walking, aborted(options.signal)]);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'broken';
    report.check('the walk came to its end', false, why);
  } finally {
    await stack.disposeAsync();
    // What was just being started when it was stopped ends too, before anybody is told.
    await walking.catch(() => undefined);
  }
  report.finish();
  return { ok: report.ok, report, folders };
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
  throw new HandrailError('state.conflict', 'it was stopped');
}

/** Kept until the end of the demo, which may have come while it was being started. */
export async function held<T extends AsyncDisposable>(
  stack: AsyncDisposableStack,
  starting: Promise<T>,
): Promise<T> {
  const started = await starting;
  if (stack.disposed) await started[Symbol.asyncDispose]();
  return stack.use(started);
}

async function walk(demo: Demo, planted: readonly Planted[]): Promise<void> {
  const { folders, line, report, stack } = demo;
  const { step } = bound(report);
  const organisation = await step('up', 'An organisation starts (k is 1 here: one person)', () =>
    startOrganisation(demo),
  );
  const { display, saved } = folders;
  const desk = await step('desk', 'A private display opens, with Chromium and a text editor', () =>
    held(stack, startDesk({ displayFolder: display, savedFolder: saved, side: true })),
  );
  const origin = desk.formOrigin;
  await step('manifest', 'Steward and officer agree on what may be captured', () =>
    agreeOnManifest(demo, organisation, origin),
  );
  await step('join', 'A participant reads the notice and joins', () =>
    joinIn(line, folders.participant, organisation),
  );
  const agent = await step('agent', 'The agent starts, visibly', () => startAgent(demo, desk));
  const person = await newPerson(desk, planted);
  const areas = await hiddenAreas(desk);
  const originals = await doTasks(demo, person);
  await step('refine', 'The recording is handed in and refined', () => handIn(demo, agent));
  const instructions = person.tasks.map(({ instruction }) => instruction);
  const own = await step('mine', 'The participant looks at it', () =>
    lookAtOwn(demo, instructions),
  );
  const release = await step('release', 'A researcher asks, two roles approve, it is built', () =>
    buildRelease(demo, organisation, origin),
  );
  await step('ledger', 'The record is checked', () => checkLedger(demo, organisation));
  const original = originals.get(expenseTask) ?? Buffer.alloc(0);
  const order = { export: release.agentnet, instruction: expenseTask, original };
  // Side by side: the replay mostly waits, as the person did.
  await Promise.all([
    step('search', `All is searched for ${planted.length} planted values`, () =>
      searchEverything(demo, { planted, own, release, areas }),
    ),
    step('replay', 'One exported trajectory is replayed on a fresh display', () =>
      checkReplay(demo, { ...order, file: 'formFile' }),
    ),
  ]);
}

function bound(report: Report) {
  return { step: report.step.bind(report) };
}

/** The line for scripts. */
export function resultLine({ ok, report, folders }: DemoResult) {
  return {
    ok,
    checks: report.checks,
    figures: report.figures,
    folders: [...writtenFolders(folders), folders.replay],
    appFolders: applicationFolders(folders),
  };
}
