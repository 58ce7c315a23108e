// The agent's life: one home, one display. It keeps a lease, watches the display while nothing
// stands against it, seals what was recorded, hands it in, and says every change of state.

import { type InForce, refreshSeconds, shortestFreshness } from '@handrail/core/device';
import { HandrailError } from '@handrail/core/errors';
import type { Signer } from '@handrail/core/seal';
import { Sensitive } from '@handrail/core/sensitive';
import type { ClientContext } from '@handrail/core/wire';
import type { AgentOptions } from './agent.ts';
import { Budget } from './budget/budget.ts';
import type { Command, CommandReply, Status } from './control/protocol.ts';
import { startControl } from './control/server.ts';
import { proveLeaving, tellLeaving } from './enrol/withdraw.ts';
import type { Device } from './home/home.ts';
import type { Outbox } from './outbox.ts';
import { Recording } from './recording.ts';
import { repeat } from './repeat.ts';
import { Rights } from './rights.ts';
import { Stance } from './stance.ts';
import { type Facts, standingOf } from './standing.ts';
import { StatusBook, sums } from './status-book.ts';

const waitingSeconds = 2;
const watchMs = 500;

export class Agent {
  readonly #options: AgentOptions;
  readonly #client: ClientContext;
  readonly #outbox: Outbox;
  readonly #signer: Signer;
  readonly #rights: Rights;
  readonly #stance: Stance;
  readonly #book: StatusBook;
  #budget: Budget | undefined;
  #recording: Recording | undefined;
  #display: Facts['display'];
  #indicatorDead = false;
  #dropped: Readonly<Record<string, number>> = {};
  #isEnding = false;

  constructor(
    options: AgentOptions,
    device: Device,
    client: ClientContext,
    outbox: Outbox,
    signer: Signer,
  ) {
    this.#options = options;
    this.#client = client;
    this.#outbox = outbox;
    this.#signer = signer;
    const onChange = () => this.#endRecording();
    this.#rights = new Rights({ home: options.home, device, client, onChange });
    this.#stance = new Stance({
      facts: () => this.#facts(),
      recording: () => this.#recording,
      onState: options.onState,
    });
    this.#book = new StatusBook(options.home, outbox);
    this.#display = options.display === undefined ? 'none' : 'starting';
  }

  async run(): Promise<{ readonly dueLeft: number }> {
    const { home, signal } = this.#options;
    await using stack = new AsyncDisposableStack();
    stack.use(
      await startControl({
        addressPath: home.path('control.json'),
        status: () => this.#status(),
        command: (command) => this.#command(command),
      }),
    );
    await this.#readRunState();
    await this.#keepBudget(stack);
    await this.#readSwitches();
    this.#stand();
    stack.use(
      repeat(
        () => watchMs,
        () => this.#watch(),
      ),
    );
    await this.#prepare();
    stack.use(
      repeat(
        () => this.#prepareMs(),
        () => this.#prepare(),
      ),
    );
    this.#outbox.start(stack);
    await ended(signal);
    return this.#end();
  }

  async #keepBudget(stack: AsyncDisposableStack): Promise<void> {
    const { home, systemBus } = this.#options;
    const { spool } = this.#outbox;
    const onChange = () => this.#outbox.wake();
    this.#budget = stack.use(await Budget.open({ home, spool, systemBus, onChange }));
    this.#outbox.heldBy(() => this.#budget?.uploadsWait);
  }

  #prepareMs(): number {
    const state = this.#stance.standing?.state;
    const isSettled = state === 'recording' || state === 'paused';
    return (isSettled ? refreshSeconds : waitingSeconds) * 1000;
  }

  /** A run that was killed could not say that its session has ended. */
  async #readRunState(): Promise<void> {
    const { session, programmeEpoch } = await this.#options.home.runState();
    this.#rights.programmeEpoch = programmeEpoch;
    if (session !== undefined) await this.#outbox.endSession(session);
  }

  /** What must be there before anything can be recorded: manifest, lease, keys, capture. */
  async #prepare(): Promise<void> {
    try {
      if (this.#rights.device.leaving) await tellLeaving(this.#options.home);
      if (this.#rights.device.withdrawn) await proveLeaving(this.#options.home);
      const manifestInForce = await this.#readManifest();
      if (manifestInForce === undefined || this.#isEnding) return;
      if (await this.#rights.refreshLease(manifestInForce)) await this.#saveRunState();
      await this.#rights.dayKeys.keep(this.#client, Date.now());
      await this.#recording?.recover();
      await this.#startRecording(manifestInForce);
    } catch (cause) {
      this.#book.note(cause);
    } finally {
      this.#stand();
    }
  }

  async #readManifest(): Promise<InForce | undefined> {
    const programme = await this.#rights.readManifest();
    this.#book.pendingManifest = this.#rights.inForce?.pending ?? null;
    if (programme) {
      await this.#rights.renew(shortestFreshness(programme));
      // That it cannot be read proves nothing; that it contradicts itself is kept, and shown.
      await this.#rights.followLedger(programme.charter.payload).catch(() => undefined);
    }
    return this.#rights.inForce;
  }

  async #saveRunState(): Promise<void> {
    const session = this.#recording?.session;
    const { programmeEpoch } = this.#rights;
    await this.#options.home.saveRunState({ programmeEpoch, ...(session && { session }) });
  }

  async #startRecording({ manifest }: InForce): Promise<void> {
    const { display, sessionBus, virtualDisplay, reviewWindowMs } = this.#options;
    const isLive = this.#rights.hasLiveLease;
    if (this.#recording || !isLive || this.#display !== 'starting' || !display) return;
    if (!sessionBus) throw new HandrailError('capture.unavailable', 'There is no session bus.');
    this.#recording = await Recording.start({
      device: this.#rights.device,
      signer: this.#signer,
      dayKeys: this.#rights.dayKeys,
      outbox: this.#outbox,
      manifest: manifest.payload,
      display,
      sessionBus,
      virtualDisplay,
      reviewWindowMs,
      programmeEpoch: () => this.#rights.programmeEpoch,
      onEnd: (reason) => this.#ended(reason),
      onChange: () => this.#stand(),
      onTrouble: (cause) => {
        this.#book.note(cause);
        this.#stand();
      },
    });
    this.#display = 'watched';
    if (this.#isEnding) await this.#endRecording();
    await this.#saveRunState();
  }

  async #endRecording(): Promise<void> {
    const recording = this.#recording;
    if (!recording) return;
    this.#recording = undefined;
    if (this.#display === 'watched') this.#display = 'starting';
    await recording[Symbol.asyncDispose]();
    this.#dropped = sums(this.#dropped, recording.gate.dropped());
    await this.#saveRunState();
  }

  #ended(reason: 'display-gone' | 'indicator'): void {
    if (reason === 'indicator') this.#indicatorDead = true;
    else this.#display = 'gone';
    this.#stand();
  }

  async #watch(): Promise<void> {
    await this.#readSwitches();
    await this.#budget?.look();
    this.#stand();
  }

  async #readSwitches(): Promise<void> {
    if (await this.#rights.readSwitches()) await this.#forget(0);
  }

  #stand(): void {
    if (!this.#isEnding) this.#stance.take();
  }

  #facts(): Facts {
    const capture = this.#recording?.capture;
    const isReady = capture?.recorder.isReady === true;
    const alive = capture?.indicator.healthy() ? 'healthy' : 'unhealthy';
    return {
      ...this.#rights.facts(),
      display: this.#display === 'watched' && !isReady ? 'starting' : this.#display,
      indicator: this.#indicatorDead ? 'dead' : capture ? alive : 'none',
      budget: this.#budget?.standing ?? { step: 'stopped', because: undefined },
      trouble: this.#recording?.trouble,
    };
  }

  async #command(command: Command): Promise<CommandReply> {
    const recorder = this.#recording?.capture.recorder;
    switch (command.kind) {
      case 'switches':
        await this.#watch();
        return { ok: true };
      case 'forget':
        return { ok: true, forgotten: await this.#forget(command.sinceMs) };
      case 'forget-session':
        return { ok: true, forgotten: await this.#forget(0, this.#recording?.session) };
      case 'task-start':
        recorder?.startTask(new Sensitive(command.text));
        return { ok: recorder !== undefined };
      case 'task-end':
        recorder?.endTask();
        return { ok: recorder !== undefined };
    }
  }

  async #forget(sinceMs: number, session?: string): Promise<number> {
    this.#recording?.capture.forget();
    this.#stand();
    await this.#recording?.sealed();
    return this.#outbox.forget(sinceMs, session);
  }

  async #status(): Promise<Status> {
    const standing = this.#stance.standing ?? standingOf(this.#facts());
    const dropped = sums(this.#dropped, this.#recording?.gate.dropped() ?? {});
    return this.#book.status(standing, this.#rights.pausedUntilMs, dropped, this.#budget);
  }

  async #end(): Promise<{ readonly dueLeft: number }> {
    this.#isEnding = true;
    await this.#endRecording();
    await this.#book.saveDropped(this.#dropped);
    const dueLeft = await this.#outbox.drain(undefined);
    this.#options.onState({ state: 'off', reason: 'the agent ended' });
    return { dueLeft };
  }
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
