// The vault's keeper as a process: node main.ts CONFIG.json. It listens nowhere, prints one line
// when it is ready, content-free lines to stderr, and ends its jobs on SIGTERM.
import { exitCodeOf } from '@handrail/core/errors';
import { readConfig } from './config.ts';
import { openVault } from './context.ts';
import { runJobs } from './keeper/jobs.ts';

async function main(): Promise<void> {
  const config = await readConfig(process.argv[2]);
  await using vault = await openVault(config);
  log({ event: 'isolation', workers: vault.isolation, ocr: vault.ocr });
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  const loop = runJobs(vault.context, { loops: config.workers, log });
  process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
  await stopped;
  await loop.stop();
}

function log(line: Readonly<Record<string, unknown>>): void {
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

try {
  await main();
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'The keeper stopped.'}\n`);
  process.exit(exitCodeOf(error));
}
