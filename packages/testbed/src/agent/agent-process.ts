// `handrail agent` in a process of its own, with the states that it prints.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { StagedDisplay } from '../display/display.ts';
import { waitFor } from '../display/observed.ts';

const program = fileURLToPath(import.meta.resolve('handrail/main'));

export class AgentProcess implements AsyncDisposable {
  readonly states: string[] = [];
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
    if (child.stdout === null) throw new Error('The agent has no output.');
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.states.push(String(JSON.parse(line).state));
    });
  }

  static start(home: string, display: StagedDisplay, ...more: readonly string[]): AgentProcess {
    return AgentProcess.on({}, home, display, ...more);
  }

  /** On a machine whose battery and line are told at `systemBus`. */
  static on(
    { systemBus }: { readonly systemBus?: string },
    home: string,
    display: StagedDisplay,
    ...more: readonly string[]
  ): AgentProcess {
    const args = ['agent', '--home', home, '--display', display.display, '--virtual-display'];
    const env = {
      PATH: process.env.PATH,
      DBUS_SESSION_BUS_ADDRESS: display.busAddress,
      // Without one the tests' machine has no say.
      DBUS_SYSTEM_BUS_ADDRESS: systemBus ?? 'unix:path=/nowhere',
    };
    const child = spawn(process.execPath, [program, ...args, '--json', ...more], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return new AgentProcess(child);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get state(): string | undefined {
    return this.states.at(-1);
  }

  until(state: string): Promise<true> {
    return waitFor(`the agent to be ${state}`, () => (this.state === state ? true : undefined));
  }

  /** Ends it and gives its exit status; null after SIGKILL. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null)
      return Promise.resolve(child.exitCode);
    return new Promise((resolve) => {
      child.once('exit', (code) => resolve(code));
      child.kill(signal);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGKILL');
  }
}
