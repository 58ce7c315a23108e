#!/usr/bin/env node
// Finds Node 24 (the one npm installed beside the sources, or the one running) and starts the
// command with it. Plain JavaScript, so that an older Node can still say what to do.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const nodeMin = 24;
const installed = fileURLToPath(new URL('../../../node_modules/node/bin/node', import.meta.url));
const launcher = fileURLToPath(import.meta.url);
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const running =
  Number(process.versions.node.split('.')[0]) >= nodeMin ? process.execPath : undefined;
const node = running ?? (existsSync(installed) ? installed : undefined);

if (node === undefined) {
  process.stderr.write(`handrail needs Node ${nodeMin}: run "npm ci" in the checkout first.\n`);
  process.exit(2);
}
if (node === process.execPath) {
  const { startLean } = await import('./lean.js');
  await startLean(main, process.argv.slice(2));
  await import('../src/main.ts');
} else {
  const child = spawn(node, [launcher, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal) process.kill(process.pid, signal);
    else process.exit(code ?? 3);
  });
}
