// The server as a process: node main.ts CONFIG.json. One line when it is ready, 0 on SIGTERM.
import { exitCodeOf, HandrailError } from '@handrail/core/errors';
import { startServer } from './app.ts';
import { readConfig, widenThreadPool } from './config.ts';

async function main(): Promise<void> {
  widenThreadPool();
  const path = process.argv[2];
  if (path === undefined) throw new HandrailError('usage.invalid', 'Give the path of a config.');
  const server = await startServer(await readConfig(path));
  const stop = () => {
    server.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  server.broken.then(fail);
  process.stdout.write(`${JSON.stringify({ ready: true, url: server.url })}\n`);
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(exitCodeOf(error));
}

try {
  await main();
} catch (error) {
  fail(error);
}
