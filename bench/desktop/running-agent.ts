// An agent that records a staged display, started as anybody starts it, watched from outside.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Home } from '@handrail/agent/home/home';
import type { StagedDisplay } from '@handrail/testbed/display/display';
import { environment } from './config.ts';
import { until } from './until.ts';

const launcher = fileURLToPath(new URL('../../packages/cli/bin/handrail.js', import.meta.url));

export interface RunningAgent extends AsyncDisposable {
  readonly pid: number;
  /** The state it said last, such as `recording`. */
  state(): string;
}

/** Resolves once it records. Disposing hands in what is due; throws when something is left. */
export async function startAgent(home: Home, display: StagedDisplay): Promise<RunningAgent> {
  // Node's own options (a CPU profile) go on to the agent.
  const words = ['agent', '--home', home.folder, '--display', display.display];
  const options = ['--virtual-display', '--review-window', '0s', '--json'];
  const args = [...process.execArgv, launcher, ...words, ...options];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...environment, DBUS_SESSION_BUS_ADDRESS: display.busAddress },
  });
  let state = 'starting';
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said: { readonly state?: unknown } = JSON.parse(line);
    state = String(said.state);
  });
  try {
    await until('the agent to record', () => state === 'recording');
  } catch (error) {
    await end(child, 'SIGKILL');
    throw error;
  }
  return {
    pid: child.pid ?? 0,
    state: () => state,
    [Symbol.asyncDispose]: async () => {
      const code = await end(child, 'SIGTERM');
      if (code !== 0) throw new Error(`The agent ended with status ${code}.`);
    },
  };
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.kill(signal);
  });
}
