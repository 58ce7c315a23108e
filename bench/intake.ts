// Requests per second of segment intake, with real signatures, sealing and ledger, against a bare
// node:http server that does the same fsynced write; both in turns within one run.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sampleProgramme } from '@handrail/testbed/sample-programme';
import { startProcess } from './intake-load/process.ts';
import { makeSegments, sendAll, signAll } from './intake-load/requests.ts';

/** The first warms both servers up and is not counted. */
const rounds = 4;
const requestsPerRound = 1500;
const devices = 64;
const connections = 128;
/** Sealed segments then have a little over 64 KiB. */
const contentBytes = 65_000;

export async function run() {
  const folder = await mkdtemp(join(tmpdir(), 'intake-'));
  const sample = await sampleProgramme(join(folder, 'programme'));
  const config = join(folder, 'server.json');
  await writeFile(config, JSON.stringify({ ...sample.settings, requestsPerSecondMax: 10_000 }));
  await mkdir(join(folder, 'bare'));
  const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
  const server = await startProcess(path('../packages/server/src/main.ts'), config);
  const bare = await startProcess(path('./intake-load/bare-server.ts'), join(folder, 'bare'));
  try {
    const total = rounds * requestsPerRound;
    const segments = await makeSegments(server.url, sample, total, devices, contentBytes);
    const rates: { readonly intake: number; readonly bare: number; readonly rss: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      const from = round * requestsPerRound;
      const requests = await signAll(segments.slice(from, from + requestsPerRound));
      const bareRate = await sendAll(bare.url, requests, connections);
      const intake = await sendAll(server.url, requests, connections);
      rates.push({ intake, bare: bareRate, rss: await server.rssMib() });
    }
    return { name: 'intake', figures: figuresOf(rates.slice(1)) };
  } finally {
    await server.stop();
    await bare.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function figuresOf(
  rates: readonly { readonly intake: number; readonly bare: number; readonly rss: number }[],
) {
  const ratios = rates.map(({ intake, bare }) => intake / bare).sort((a, b) => a - b);
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    intakeRequestsPerSecond: mean(rates.map(({ intake }) => intake)),
    bareRequestsPerSecond: mean(rates.map(({ bare }) => bare)),
    medianRatio: ratios[Math.floor(ratios.length / 2)] ?? 0,
    worstRatio: ratios[0] ?? 0,
    rssFirstMib: rates[0]?.rss ?? 0,
    rssLastMib: rates.at(-1)?.rss ?? 0,
  };
}
