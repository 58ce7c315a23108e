// The agent's side of the visible indicator: capture may run only while `healthy` is true, and the
// end of the indicator's process is noticed at once.
import { type ChildProcess, fork } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HandrailError } from '@handrail/core/errors';
import type { Bounds, Clock } from '@handrail/core/observation';
import {
  beatMillisecondsMax,
  type IndicatorMessage,
  type IndicatorState,
  isIndicatorMessage,
} from './messages.ts';

const program = fileURLToPath(new URL('./process.ts', import.meta.url));
const readyMillisecondsMax = 10_000;
const littleMemory = ['--max-semi-space-size=1', '--single-threaded-gc'];

export interface Indicator extends AsyncDisposable {
  readonly windowId: number;
  readonly bounds: Bounds;
  readonly pid: number;
  /** Asks for a state; `healthy` is true again once the indicator has said that it shows it. */
  show(state: IndicatorState): void;
  /** It lives, beats, is mapped, nothing lies above it, and it shows the state last asked for. */
  healthy(): boolean;
  /** Called once when the process ends or its beats stop, other than by disposal. */
  onDeath(listener: () => void): void;
  /** Called when `healthy` turns. */
  onHealth(listener: (healthy: boolean) => void): void;
}

/** Shows the indicator, at first as off. Throws `capture.unavailable` when it does not appear. */
export async function startIndicator(options: {
  readonly display: string;
  readonly clock: Clock;
}): Promise<Indicator> {
  const compiled = getCompileCacheDir();
  const child = fork(program, [options.display], {
    execPath: process.execPath,
    execArgv: littleMemory,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: compiled ? { NODE_COMPILE_CACHE: dirname(compiled) } : {},
  });
  const ready = await untilReady(child);
  return new IndicatorProcess(child, ready, options.clock);
}

type Ready = Extract<IndicatorMessage, { kind: 'ready' }>;

function untilReady(child: ChildProcess): Promise<Ready> {
  return new Promise((resolve, reject) => {
    const refuse = () => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new HandrailError('capture.unavailable', 'The recording indicator did not appear.'));
    };
    const timer = setTimeout(refuse, readyMillisecondsMax);
    child.once('exit', refuse);
    child.once('error', refuse);
    child.on('message', (message) => {
      if (!isIndicatorMessage(message) || message.kind !== 'ready') return;
      clearTimeout(timer);
      child.off('exit', refuse);
      child.off('error', refuse);
      resolve(message);
    });
  });
}

class IndicatorProcess implements Indicator {
  readonly windowId: number;
  readonly bounds: Bounds;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  readonly #deathListeners: (() => void)[] = [];
  readonly #healthListeners: ((healthy: boolean) => void)[] = [];
  readonly #watch: NodeJS.Timeout;
  #wanted: IndicatorState = 'off';
  #shown: IndicatorState | undefined = 'off';
  #visible = true;
  #beatAtMs: number;
  #told = true;
  #ended = false;

  constructor(child: ChildProcess, ready: Ready, clock: Clock) {
    this.#child = child;
    this.#clock = clock;
    this.#beatAtMs = clock();
    this.windowId = ready.windowId;
    this.bounds = ready.bounds;
    this.pid = child.pid ?? 0;
    child.on('message', (message) => {
      if (isIndicatorMessage(message) && message.kind === 'beat') this.#beat(message);
    });
    child.once('exit', () => this.#die());
    child.once('disconnect', () => this.#die());
    child.on('error', () => this.#die());
    this.#watch = setInterval(() => {
      if (this.#clock() - this.#beatAtMs > beatMillisecondsMax) this.#die();
    }, beatMillisecondsMax / 4);
    // It may have ended between its first word and now.
    if (child.exitCode !== null || child.signalCode !== null) this.#die();
  }

  show(state: IndicatorState): void {
    // Asking again would draw again, and drawing is a change of the screen.
    const isAsked = state === this.#wanted;
    this.#wanted = state;
    if (!isAsked && !this.#ended && this.#child.connected)
      this.#child.send({ kind: 'show', state });
    this.#tellHealth();
  }

  healthy(): boolean {
    const fresh = this.#clock() - this.#beatAtMs <= beatMillisecondsMax;
    return !this.#ended && fresh && this.#visible && this.#shown === this.#wanted;
  }

  onDeath(listener: () => void): void {
    this.#deathListeners.push(listener);
  }

  onHealth(listener: (healthy: boolean) => void): void {
    this.#healthListeners.push(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { exitCode, signalCode } = this.#child;
    const running = exitCode === null && signalCode === null;
    this.#ended = true;
    clearInterval(this.#watch);
    if (!running) return;
    const gone = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    this.#child.kill('SIGKILL');
    await gone;
  }

  #beat(message: Extract<IndicatorMessage, { kind: 'beat' }>): void {
    this.#beatAtMs = this.#clock();
    this.#visible = message.visible;
    this.#shown = message.state;
    this.#tellHealth();
  }

  #tellHealth(): void {
    const healthy = this.healthy();
    if (healthy === this.#told) return;
    this.#told = healthy;
    for (const listener of this.#healthListeners) listener(healthy);
  }

  #die(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#watch);
    this.#child.kill('SIGKILL');
    this.#tellHealth();
    for (const listener of this.#deathListeners) listener();
  }
}
