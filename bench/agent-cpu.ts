// What the whole agent takes of a machine: CPU on a still screen, CPU under a person's work beside
// a video recorder on the same display, and memory over many events.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { screen } from 'handrail/desk/desk';
import { startBursts } from './desktop/bursts.ts';
import { startAgent } from './desktop/running-agent.ts';
import { startStillDesk } from './desktop/still.ts';
import { cpuSeconds, familyRssMib, rssMib } from './desktop/usage.ts';
import { manifestOf, type RecordedWork, recordWork, settleMs } from './desktop/work.ts';
import { startOrganisation } from './organisation/organisation.ts';
import type { BenchResult } from './runner/bench.ts';

const stillSeconds = 30;
const burstEvents = 5_000;
const bursts = 40;
/** The agent's segments end at 60 s: so long at most until the events of the bursts have left. */
const drainMs = 15_000;

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
  const startedMs = performance.now();
  const from = await cpuSeconds(agent.pid);
  await delay(stillSeconds * 1000);
  const seconds = (performance.now() - startedMs) / 1000;
  const stillPercentOfCore = (((await cpuSeconds(agent.pid)) - from) / seconds) * 100;
  const memory = await manyEvents(agent.pid, desk.display.display);
  return { stillSeconds, stillPercentOfCore, ...memory };
}

async function manyEvents(pid: number, display: string): Promise<Figures> {
  const rssBeforeMib = await rssMib(pid);
  const samples: number[] = [];
  await using hands = await startBursts(display, { events: burstEvents, mix: 'moves' });
  for (let burst = 0; burst < bursts; burst++) {
    await hands.next();
    samples.push(await rssMib(pid));
  }
  await delay(drainMs);
  const half = samples.length / 2;
  return {
    memoryEvents: burstEvents * bursts,
    rssBeforeMib,
    rssFirstHalfMib: mean(samples.slice(0, half)),
    rssSecondHalfMib: mean(samples.slice(half)),
    rssMaxMib: Math.max(rssBeforeMib, ...samples),
    rssAfterMib: await rssMib(pid),
    rssWithIndicatorAfterMib: await familyRssMib(pid),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The demo's person at work; a video recorder films the same display at the same time. */
async function scriptedWork(folder: string): Promise<Figures> {
  let figures: Figures = {};
  await using _ = await recordWork(folder, async ({ desk, agent }: RecordedWork, work) => {
    await using video = await startVideo(desk.display.display, join(folder, 'video.mkv'));
    const startedMs = performance.now();
    const from = { agent: await cpuSeconds(agent.pid), video: await cpuSeconds(video.pid) };
    await work();
    const workSeconds = (performance.now() - startedMs) / 1000;
    const agentSeconds = (await cpuSeconds(agent.pid)) - from.agent;
    const videoSeconds = (await cpuSeconds(video.pid)) - from.video;
    figures = {
      workSeconds,
      workAgentPercentOfCore: (agentSeconds / workSeconds) * 100,
      workVideoPercentOfCore: (videoSeconds / workSeconds) * 100,
      workAgentToVideoRatio: agentSeconds / videoSeconds,
      workAgentRssMib: await rssMib(agent.pid),
    };
  });
  return figures;
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
