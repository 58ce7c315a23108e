// What the whole agent takes of a machine: CPU on a still screen, CPU under a person's work beside
// a video recorder on the same display, and memory over many events.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ManifestFile } from '@handrail/core/statement';
import { screen, startDesk } from 'handrail/demo/desk/desk';
import { newPerson } from 'handrail/demo/person/person';
import { startBursts } from './desktop/bursts.ts';
import { startAgent } from './desktop/running-agent.ts';
import { startStillDesk } from './desktop/still.ts';
import { cpuSeconds, familyRssMib, rssMib } from './desktop/usage.ts';
import { startOrganisation } from './organisation/organisation.ts';
import type { BenchResult } from './runner/bench.ts';

const stillSeconds = 30;
/** Until what starting up left behind is done. */
const settleMs = 8_000;
const burstEvents = 5_000;
const burstsMade = 40;

type Figures = BenchResult['figures'];

export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'agent-cpu-'));
  try {
    const still = await stillScreen(join(folder, 'still'));
    const work = await scriptedWork(join(folder, 'work'));
    return { name: 'agent-cpu', figures: { ...still, ...work } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** 1080p without a caret, then many events on the same desktop. */
async function stillScreen(folder: string): Promise<Figures> {
  await using desk = await startStillDesk(1920, 1080);
  const manifest = manifestOf([{ app: 'chromium', origin: desk.origin, mode: 'full' }]);
  await using organisation = await startOrganisation(folder, manifest);
  await using agent = await startAgent(organisation.home, desk.display);
  await delay(settleMs);
  const stillPercent = await percentOfCore(agent.pid, () => delay(stillSeconds * 1000));
  return { stillPercentOfCore: stillPercent, stillSeconds, ...(await manyEvents(agent.pid, desk.display.display)) };
}

async function manyEvents(pid: number, display: string): Promise<Figures> {
  const before = await rssMib(pid);
  const samples: number[] = [];
  await using hands = await startBursts(display, { events: burstEvents, mix: 'moves' });
  for (let burst = 0; burst < burstsMade; burst++) {
    await hands.next();
    samples.push(await rssMib(pid));
  }
  await delay(settleMs);
  const half = samples.length / 2;
  const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
  return {
    memoryEvents: burstEvents * burstsMade,
    rssBeforeMib: before,
    rssFirstHalfMib: mean(samples.slice(0, half)),
    rssSecondHalfMib: mean(samples.slice(half)),
    rssMaxMib: Math.max(before, ...samples),
    rssAfterMib: await rssMib(pid),
    rssWithIndicatorAfterMib: await familyRssMib(pid),
  };
}

/** The demo's person at work; a video recorder films the same display at the same time. */
async function scriptedWork(folder: string): Promise<Figures> {
  const folders = { displayFolder: join(folder, 'display'), savedFolder: join(folder, 'saved') };
  await using desk = await startDesk({ ...folders, side: false });
  const manifest = manifestOf([
    { app: 'chromium', origin: desk.formOrigin, mode: 'full' },
    { app: 'mousepad', mode: 'full' },
  ]);
  await using organisation = await startOrganisation(join(folder, 'organisation'), manifest);
  await using agent = await startAgent(organisation.home, desk.display);
  await delay(settleMs);
  await using video = await startVideo(desk.display.display, join(folder, 'video.mkv'));
  const person = await newPerson(desk, []);
  const startedMs = performance.now();
  const [agentFrom, videoFrom] = [await cpuSeconds(agent.pid), await cpuSeconds(video.pid)];
  for (const task of person.tasks) await task.work();
  const workSeconds = (performance.now() - startedMs) / 1000;
  const agentSeconds = (await cpuSeconds(agent.pid)) - agentFrom;
  const videoSeconds = (await cpuSeconds(video.pid)) - videoFrom;
  return {
    workSeconds,
    workAgentPercentOfCore: (agentSeconds / workSeconds) * 100,
    workVideoPercentOfCore: (videoSeconds / workSeconds) * 100,
    workAgentToVideoRatio: agentSeconds / videoSeconds,
    workAgentRssMib: await rssMib(agent.pid),
  };
}

async function startVideo(display: string, file: string) {
  const size = `${screen.width}x${screen.height}`;
  const input = ['-f', 'x11grab', '-framerate', '10', '-video_size', size, '-i', display];
  const output = ['-c:v', 'libx264', '-preset', 'veryfast', '-y', file];
  const args = ['-loglevel', 'error', '-nostdin', ...input, ...output];
  const child = spawn('ffmpeg', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  await once(child, 'spawn');
  await delay(1_000);
  return {
    pid: child.pid ?? 0,
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      await ended;
    },
  };
}

async function percentOfCore(pid: number, work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  const from = await cpuSeconds(pid);
  await work();
  const used = (await cpuSeconds(pid)) - from;
  return (used / ((performance.now() - startedMs) / 1000)) * 100;
}

function manifestOf(contexts: ManifestFile['contexts']): ManifestFile {
  return { version: 1, signals: ['key', 'pointer', 'window', 'focus', 'frame'], contexts };
}
