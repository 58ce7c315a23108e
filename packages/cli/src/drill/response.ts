// What is done about it: probes notice and halt, agents stop, a fix that does not hold closes
// nothing, one that does closes it, and two roles go on.
import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Walk } from '../walk/walk.ts';
import { decidePolicy } from './accident.ts';
import { type DeviceLease, leaseOf } from './cut-off.ts';
import type { See } from './drill.ts';
import { soundDigest } from './lax-policy.ts';
import type { DrillOrganisation } from './organisation.ts';
import { isEmpty, type Scene } from './prepare.ts';

const run = promisify(execFile);
const probeMsMax = 90_000;
const leaseEndMsMax = 30_000;
const lookMs = 200;
const askAgainMs = 1_000;

const foundSchema = z.object({
  tried: z.int(),
  findings: z.array(z.object({ path: z.string(), what: z.string() })),
  incident: z.string().nullable(),
});
type Found = z.infer<typeof foundSchema>;

export async function answer(
  walk: Walk,
  organisation: DrillOrganisation,
  scene: Scene,
  see: See,
): Promise<void> {
  const { report } = walk;
  const [ada, bea] = scene.homes;
  const told = await leaseOf(ada, organisation.url);
  const cut = await leaseOf(bea, organisation.url);
  const capturing = captureUntilHalted(told, cut);
  const incident = await report.step('alarm', 'Probes notice', () =>
    alarm(walk, organisation, see),
  );
  await capturing;
  await report.step('halt', 'One agent hears of the halt, one is cut off', () =>
    halted(walk, organisation, { incident, told, cut, ada }, see),
  );
  await report.step('firstFix', 'The first fix does not hold', () =>
    firstFix(walk, organisation, incident, see),
  );
  await stopsAtLeaseEnd(cut, see);
  await report.step('secondFix', 'The second does', () =>
    secondFix(walk, organisation, incident, see),
  );
}

/** Both ask again and again; in the moment in which one hears of the halt, the other is cut off. */
async function captureUntilHalted(told: DeviceLease, cut: DeviceLease): Promise<void> {
  const endMs = performance.now() + probeMsMax;
  while (performance.now() < endMs) {
    const { kind } = await told.holder.refresh(1);
    if (kind === 'none') break;
    await cut.holder.refresh(1);
    await delay(askAgainMs);
  }
  cut.cutOff();
}

async function probe({ line, report }: Walk, { layout }: DrillOrganisation): Promise<Found> {
  const { proberHome, data } = layout;
  await using probing = line.start(proberHome, ['probe', 'run', '--data', data]);
  const { last } = await probing.finished(probeMsMax);
  const found = foundSchema.parse(last);
  report.figures.probes = found.tried;
  return found;
}

async function alarm(walk: Walk, organisation: DrillOrganisation, see: See): Promise<string> {
  const { findings, incident } = await probe(walk, organisation);
  const ways = findings.map(({ path }) => path);
  walk.report.figures.waysFoundOpen = ways.length;
  const isStorage = ways.some((path) => path.startsWith('folder'));
  const isRoute = ways.some((path) => path.startsWith('GET /v1/'));
  see(4, 'probes see the open storage and the open routes', isStorage && isRoute, ways[0] ?? '');
  const { state } = await walk.line.run(organisation.layout.commanderHome, 'programme', 'show');
  see(7, 'what they saw halted the programme', state === 'halted' && incident !== null);
  return incident ?? '';
}

interface Halted {
  readonly incident: string;
  readonly told: DeviceLease;
  readonly cut: DeviceLease;
  readonly ada: string;
}

async function halted(
  { line }: Walk,
  { layout }: DrillOrganisation,
  { incident, told, cut, ada }: Halted,
  see: See,
): Promise<void> {
  const heard = await told.holder.refresh(1);
  await cut.holder.refresh(1);
  const isTold = heard.kind === 'none' && heard.because === 'programme.halted';
  see(7, 'an agent that asks is told, and stops', isTold);
  const shown = await line.run(layout.commanderHome, 'incident', 'show', incident);
  const agents = z.object({ counted: z.int(), stopped: z.int() }).parse(shown.agents);
  const words = `${agents.stopped} of ${agents.counted} agents stopped`;
  see(7, 'the incident says how many have stopped', agents.counted === 2, words);
  await line.run(ada, 'withdraw');
  const { state } = await line.run(ada, 'status');
  see(7, 'who wants to leave leaves, halted or not', state === 'withdrawn');
}

/** Waits for the real end of a real lease. */
async function stopsAtLeaseEnd({ holder }: DeviceLease, see: See): Promise<void> {
  const endMs = performance.now() + leaseEndMsMax;
  while (holder.at(Date.now()).kind === 'live' && performance.now() < endMs) await delay(lookMs);
  const { kind } = holder.at(Date.now());
  see(7, 'who is cut off stops at the end of the lease', kind === 'none');
}

/** The files are shut again, the access list is not. */
async function firstFix(
  walk: Walk,
  organisation: DrillOrganisation,
  incident: string,
  see: See,
): Promise<void> {
  await run('chmod', ['-R', 'go-rwx', organisation.layout.data]);
  const { findings } = await probe(walk, organisation);
  const isClosed = await closes(walk, organisation, incident);
  const words = `${findings.length} ways still open`;
  see(4, 'nothing is closed while probes find something', findings.length > 0 && !isClosed, words);
}

async function closes(
  { line }: Walk,
  { layout }: DrillOrganisation,
  incident: string,
): Promise<boolean> {
  const words = ['--exposed', 'sealed data', '--failed', 'file modes', '--failed', 'access list'];
  const changed = ['--access', 'the former list again', '--retention', 'nothing'];
  const all = ['incident', 'close', incident, ...words, ...changed];
  await using closing = line.start(layout.commanderHome, all);
  return (await closing.finished(probeMsMax)).code === 0;
}

async function secondFix(
  walk: Walk,
  organisation: DrillOrganisation,
  incident: string,
  see: See,
): Promise<void> {
  const { line } = walk;
  const { commanderHome, stewardHome, officerHome } = organisation.layout;
  await decidePolicy(organisation, 3, await soundDigest());
  await organisation.replaceServer('sound', async () => undefined);
  const { findings } = await probe(walk, organisation);
  see(4, 'probes find every way shut again', isEmpty(findings), `${findings.length} open`);
  const isClosed = await closes(walk, organisation, incident);
  see(4, 'the incident closes', isClosed);
  const radius = await line.run(stewardHome, 'incident', 'blast-radius', incident);
  const { unexplained, openings } = radiusSchema.parse(radius);
  const isNothing = unexplained === 0 && Object.keys(openings).length === 0;
  const counts = Object.entries(openings).map(([kind, count]) => `${count} ${kind}`);
  const words = [...counts, ...(unexplained > 0 ? [`${unexplained} unexplained reads`] : [])];
  const said = words.join(', ') || 'the ledger holds no opening';
  see(5, 'nothing was opened while it lay open', isNothing, said);
  const published = await line.run(stewardHome, 'incident', 'report', incident);
  see(8, 'the public report names nobody', !/part_|pers_/.test(JSON.stringify(published)));
  await line.run(stewardHome, 'programme', 'resume');
  const { state } = await line.run(officerHome, 'programme', 'resume');
  see(7, 'two roles go on', state === 'running');
  const { ok } = await line.run(commanderHome, 'ledger', 'verify');
  see(5, 'the record of it all verifies', ok === true);
}

const radiusSchema = z.object({
  unexplained: z.int(),
  openings: z.record(z.string(), z.int()),
});
