// The agent's life: one home, one display. It keeps a lease, watches the display while nothing
// stands against it, seals what was recorded, hands it in, and says every change of state.

import { fromBase64url } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { type Signer, signerFromSeed } from '@handrail/core/seal';
import { Sensitive } from '@handrail/core/sensitive';
import { type Charter, manifestHash } from '@handrail/core/statement';
import type { ClientContext } from '@handrail/core/wire';
import { askStatus } from './control/client.ts';
import type { Command, CommandReply, Status } from './control/protocol.ts';
import { startControl } from './control/server.ts';
import { type InForce, inForce } from './enrol/in-force.ts';
import { renew } from './enrol/join.ts';
import { readProgramme } from './enrol/programme.ts';
import { tellLeaving } from './enrol/withdraw.ts';
import { clientOf } from './home/client.ts';
import type { Device, Home } from './home/home.ts';
import { LeaseHolder, refreshSeconds } from './lease/lease.ts';
import { Outbox } from './outbox.ts';
import { Recording } from './recording.ts';
import { repeat } from './repeat.ts';
import { DayKeys } from './segment/day-keys.ts';
import { type Facts, type Standing, standingOf } from './standing.ts';
import { StatusBook, sums } from './status-book.ts';

export interface AgentOptions {
  readonly home: Home;
  readonly display: string | undefined;
  readonly sessionBus: string | undefined;
  /** Injected input counts: the display is a virtual one, which every header then says. */
  readonly virtualDisplay: boolean;
  readonly reviewWindowMs: number;
  readonly onState: (line: { readonly state: string; readonly reason: string | null }) => void;
  /** Ends the agent: what was recorded is sealed and what is due is handed in. */
  readonly signal: AbortSignal;
}

const waitingSeconds = 2;
const watchMs = 500;
const dayMs = 86_400_000;

/** Runs until `signal`. Gives how many due segments are still here. Throws `state.conflict`, … */
export async function runAgent(options: AgentOptions): Promise<{ readonly dueLeft: number }> {
  if ((await askStatus(options.home)) !== undefined) {
    throw new HandrailError('state.conflict', 'An agent is already running for this home.');
  }
  const device = await options.home.device();
  if (device.withdrawn) {
    await tellLeaving(options.home);
    throw new HandrailError('state.conflict', 'You have withdrawn: join again to take part.');
  }
  const signer = await signerFromSeed(fromBase64url(device.signingSeed));
  const client = clientOf(device.url, signer);
  const outbox = await Outbox.open(options.home, client);
  const agent = new Agent(options, device, client, outbox, signer);
  return agent.run();
}

class Agent {
  readonly #options: AgentOptions;
  readonly #client: ClientContext;
  readonly #outbox: Outbox;
  readonly #signer: Signer;
  readonly #dayKeys: DayKeys;
  readonly #book: StatusBook;
  #device: Device;
  #inForce: InForce | undefined;
  #lease: LeaseHolder | undefined;
  #recording: Recording | undefined;
  #display: Facts['display'];
  #indicatorDead = false;
  #standing: Standing | undefined;
  #pausedUntilMs: number | null | undefined;
  #programmeEpoch = 1;
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
    this.#device = device;
    this.#client = client;
    this.#outbox = outbox;
    this.#signer = signer;
    this.#dayKeys = new DayKeys(device);
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

  #prepareMs(): number {
    const isSettled = this.#standing?.state === 'recording' || this.#standing?.state === 'paused';
    return (isSettled ? refreshSeconds : waitingSeconds) * 1000;
  }

  /** A run that was killed could not say that its session has ended. */
  async #readRunState(): Promise<void> {
    const { session, programmeEpoch } = await this.#options.home.runState();
    this.#programmeEpoch = programmeEpoch;
    if (session !== undefined) await this.#outbox.endSession(session);
  }

  /** What must be there before anything can be recorded: manifest, lease, keys, capture. */
  async #prepare(): Promise<void> {
    try {
      if (this.#device.leaving) await tellLeaving(this.#options.home);
      await this.#readManifest();
      if (this.#inForce === undefined || this.#isEnding) return;
      await this.#refreshLease(this.#inForce);
      await this.#dayKeys.keep(this.#client, Date.now());
      await this.#recording?.recover();
      await this.#startRecording(this.#inForce);
    } catch (cause) {
      this.#book.note(cause);
    } finally {
      this.#stand();
    }
  }

  async #readManifest(): Promise<void> {
    const { home } = this.#options;
    const device = await home.device();
    const programme = await readProgramme(device.url, device.fingerprint).catch(() => undefined);
    const isSame = device.consent.payload.manifest === this.#device.consent.payload.manifest;
    this.#device = device;
    if (programme || !isSame || !this.#inForce) {
      this.#inForce = inForce(device, programme?.manifest);
    }
    this.#book.pendingManifest = this.#inForce?.pending ?? null;
    if (programme) await this.#renew(programme.charter.payload);
  }

  /** Consent counts only for some days: the device renews it while its participant goes on. */
  async #renew({ consentFreshDaysMax }: Charter): Promise<void> {
    const ageMs = Date.now() - Date.parse(this.#device.consent.payload.at);
    const isDue = ageMs > (consentFreshDaysMax * dayMs) / 2;
    if (!isDue || !this.#inForce || this.#inForce.pending || this.#device.withdrawn) return;
    await renew(this.#options.home, this.#inForce.manifest);
    this.#device = await this.#options.home.device();
  }

  async #refreshLease({ manifest }: InForce): Promise<void> {
    const { consentEpoch } = this.#device.consent.payload;
    const wish = { consentEpoch, manifest: manifestHash(manifest.payload) };
    const before = this.#lease?.wish;
    if (before?.manifest !== wish.manifest || before.consentEpoch !== consentEpoch) {
      // What holds has changed: it applies at once, not after a restart.
      this.#lease = undefined;
      await this.#endRecording();
      this.#lease = new LeaseHolder(this.#client, wish, this.#programmeEpoch);
    }
    await this.#lease?.refresh();
    await this.#keepEpoch();
  }

  async #keepEpoch(): Promise<void> {
    const programmeEpoch = this.#lease?.programmeEpoch ?? 1;
    if (programmeEpoch <= this.#programmeEpoch) return;
    this.#programmeEpoch = programmeEpoch;
    await this.#saveRunState();
  }

  async #saveRunState(): Promise<void> {
    const session = this.#recording?.session;
    const programmeEpoch = this.#programmeEpoch;
    await this.#options.home.saveRunState({ programmeEpoch, ...(session && { session }) });
  }

  async #startRecording({ manifest }: InForce): Promise<void> {
    const { display, sessionBus, virtualDisplay, reviewWindowMs } = this.#options;
    const isLive = this.#lease?.at(Date.now()).kind === 'live';
    if (this.#recording || !isLive || this.#display !== 'starting' || !display) return;
    if (!sessionBus) throw new HandrailError('capture.unavailable', 'There is no session bus.');
    this.#recording = await Recording.start({
      device: this.#device,
      signer: this.#signer,
      dayKeys: this.#dayKeys,
      outbox: this.#outbox,
      manifest: manifest.payload,
      display,
      sessionBus,
      virtualDisplay,
      reviewWindowMs,
      programmeEpoch: () => this.#programmeEpoch,
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
    this.#stand();
  }

  /** Switches that cannot be read are as good as a pause. */
  async #readSwitches(): Promise<void> {
    const { home } = this.#options;
    const { pausedUntilMs } = await home.switches().catch(() => ({ pausedUntilMs: null }));
    const isOver = typeof pausedUntilMs === 'number' && pausedUntilMs <= Date.now();
    this.#pausedUntilMs = isOver ? undefined : pausedUntilMs;
    const device = await home.deviceIfAny();
    if (device?.withdrawn && !this.#device.withdrawn) {
      this.#device = device;
      await this.#forget(0);
    }
  }

  /**
   * Applies what holds now: a stop to the gate first, then the indicator; recording only once the
   * indicator says so.
   */
  #stand(): void {
    if (this.#isEnding) return;
    const { gate, capture } = this.#recording ?? {};
    const first = standingOf(this.#facts());
    if (gate && first.gap !== undefined) this.#apply(first);
    const isOn = first.state === 'recording' || first.gap === 'indicator';
    capture?.indicator.show(isOn ? 'recording' : first.state === 'paused' ? 'paused' : 'off');
    const standing = this.#spoken(standingOf(this.#facts()));
    this.#apply(standing);
    const changed =
      this.#standing?.state !== standing.state || this.#standing.reason !== standing.reason;
    this.#standing = standing;
    if (changed) this.#options.onState({ state: standing.state, reason: standing.reason });
  }

  /** An indicator that is only about to be seen has not gone off. */
  #spoken(standing: Standing): Standing {
    const isWaiting = this.#standing?.state === 'waiting' && !this.#indicatorDead;
    return standing.gap === 'indicator' && isWaiting ? { ...standing, state: 'waiting' } : standing;
  }

  #apply({ gap, looks }: Standing): void {
    const { gate, capture } = this.#recording ?? {};
    if (gate && gate.standing !== gap) capture?.recorder.stand(gap);
    capture?.look(looks);
  }

  #facts(): Facts {
    const capture = this.#recording?.capture;
    const isReady = capture?.recorder.isReady === true;
    const alive = capture?.indicator.healthy() ? 'healthy' : 'unhealthy';
    const none = { kind: 'none', because: 'lease.stale' } as const;
    return {
      withdrawn: this.#device.withdrawn,
      pausedUntilMs: this.#pausedUntilMs,
      hasManifest: this.#device.manifest !== null,
      hasKeys: this.#dayKeys.hasFor(Date.now()),
      lease: this.#lease?.at(Date.now()) ?? none,
      display: this.#display === 'watched' && !isReady ? 'starting' : this.#display,
      indicator: this.#indicatorDead ? 'dead' : capture ? alive : 'none',
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
    const standing = this.#standing ?? standingOf(this.#facts());
    const dropped = sums(this.#dropped, this.#recording?.gate.dropped() ?? {});
    return this.#book.status(standing, this.#pausedUntilMs, dropped);
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
