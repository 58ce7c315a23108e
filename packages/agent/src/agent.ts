// The agent's life: one home, one display. It keeps a lease, watches the display while nothing
// stands against it, seals what was recorded, hands it in, and says every change of state.

import { fromBase64url } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { signerFromSeed } from '@handrail/core/seal';
import { Sensitive } from '@handrail/core/sensitive';
import { manifestHash } from '@handrail/core/statement';
import type { ClientContext } from '@handrail/core/wire';
import { Capture } from './capture.ts';
import { askStatus } from './control/client.ts';
import type { Command, CommandReply, Status } from './control/protocol.ts';
import { startControl } from './control/server.ts';
import { readProgramme } from './enrol/programme.ts';
import { Gate } from './gate/gate.ts';
import { clientOf } from './home/client.ts';
import type { Device, Home } from './home/home.ts';
import { LeaseHolder, refreshSeconds } from './lease/lease.ts';
import { Outbox } from './outbox.ts';
import type { FinishedDraft } from './recorder/recorder.ts';
import { DayKeys, utcDay } from './segment/day-keys.ts';
import { Sealer } from './segment/sealer.ts';
import { type Facts, type Standing, standingOf } from './standing.ts';
import { StatusBook } from './status-book.ts';

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
  readonly #signer: Awaited<ReturnType<typeof signerFromSeed>>;
  readonly #dayKeys: DayKeys;
  readonly #book: StatusBook;
  readonly #startedUnixMs = Date.now() - performance.now();
  #device: Device;
  #lease: LeaseHolder | undefined;
  #gate: Gate | undefined;
  #capture: Capture | undefined;
  #sealer: Sealer | undefined;
  #sealing: Promise<void> = Promise.resolve();
  #display: Facts['display'];
  #indicatorDead = false;
  #full = false;
  #standing: Standing | undefined;
  #pausedUntilMs: number | null | undefined;

  constructor(
    options: AgentOptions,
    device: Device,
    client: ClientContext,
    outbox: Outbox,
    signer: Awaited<ReturnType<typeof signerFromSeed>>,
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
    await this.#readSwitches();
    this.#stand();
    stack.use(repeat(watchMs, () => this.#watch()));
    stack.use(
      repeat(this.#lease ? refreshSeconds * 1000 : waitingSeconds * 1000, () => this.#prepare()),
    );
    this.#outbox.start(stack);
    await this.#prepare();
    await ended(signal);
    return this.#end();
  }

  /** What must be there before anything can be recorded: manifest, lease, keys, capture. */
  async #prepare(): Promise<void> {
    try {
      await this.#readManifest();
      if (this.#device.manifest === null) return;
      await this.#refreshLease();
      const tomorrow = utcDay(Date.now() + dayMs);
      if (!this.#dayKeys.of(tomorrow)) await this.#dayKeys.refresh(this.#client);
      await this.#startCapture();
    } catch (cause) {
      this.#book.note(cause);
    } finally {
      this.#stand();
    }
  }

  async #readManifest(): Promise<void> {
    const device = await this.#options.home.device();
    const programme = await readProgramme(device.url, device.fingerprint).catch(() => undefined);
    const shown = programme?.manifest ?? null;
    const accepted = device.consent.payload.manifest;
    this.#device = device;
    this.#book.pendingManifest =
      shown && manifestHash(shown.payload) !== accepted ? manifestHash(shown.payload) : null;
  }

  async #refreshLease(): Promise<void> {
    const { consentEpoch, manifest } = this.#device.consent.payload;
    if (manifest === null) return;
    this.#lease ??= new LeaseHolder(this.#client, { consentEpoch, manifest });
    await this.#lease.refresh();
  }

  async #startCapture(): Promise<void> {
    const { display, sessionBus } = this.#options;
    const manifest = this.#device.manifest?.payload.manifest;
    const isLive = this.#lease?.at(Date.now()).kind === 'live';
    if (this.#capture || !manifest || !isLive || this.#display !== 'starting' || !display) return;
    if (!sessionBus) throw new HandrailError('capture.unavailable', 'There is no session bus.');
    const gate = new Gate(manifest, this.#options.virtualDisplay);
    this.#gate = gate;
    this.#sealer = this.#newSealer();
    this.#capture = await Capture.start({
      display,
      sessionBus,
      gate,
      manifest,
      clock: () => performance.now(),
      known: () => this.#sealer?.known ?? [],
      onDraft: (finished) => this.#seal(finished),
      onEnd: (reason) => this.#ended(reason),
      onChange: () => this.#stand(),
    });
    this.#capture.indicator.show('recording');
    this.#display = 'watched';
  }

  #newSealer(): Sealer {
    const { manifest, consent } = this.#device;
    return new Sealer({
      device: this.#device,
      signer: this.#signer,
      dayKeys: this.#dayKeys,
      spool: this.#outbox.spool,
      contexts: manifest?.payload.manifest.contexts ?? [],
      manifest: consent.payload.manifest ?? '',
      display: this.#options.virtualDisplay ? 'virtual' : 'own',
      programmeEpoch: () => this.#programmeEpoch(),
      reviewWindowMs: this.#options.reviewWindowMs,
      toUnixMs: (atMs) => this.#startedUnixMs + atMs,
    });
  }

  #programmeEpoch(): number {
    const lease = this.#lease?.at(Date.now());
    return lease?.kind === 'live' ? lease.lease.programmeEpoch : 1;
  }

  #seal(finished: FinishedDraft): void {
    const sealer = this.#sealer;
    if (!sealer) return;
    this.#sealing = this.#sealing
      .then(() => sealer.seal(finished))
      .then(() => this.#outbox.wake())
      .catch((cause: unknown) => {
        this.#full = cause instanceof HandrailError && cause.code === 'storage.full';
        this.#book.note(cause);
        this.#stand();
      });
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

  async #readSwitches(): Promise<void> {
    const { pausedUntilMs } = await this.#options.home.switches();
    const isOver = typeof pausedUntilMs === 'number' && pausedUntilMs <= Date.now();
    this.#pausedUntilMs = isOver ? undefined : pausedUntilMs;
    const device = await this.#options.home.deviceIfAny();
    if (device?.withdrawn) this.#device = device;
  }

  /** Applies what holds now: to the gate first, then to the indicator, then in words. */
  #stand(): void {
    const standing = standingOf(this.#facts());
    const { recorder, indicator } = this.#capture ?? {};
    if (this.#gate && this.#gate.standing !== standing.gap) recorder?.stand(standing.gap);
    const isOn = standing.state === 'recording' || standing.gap === 'indicator';
    indicator?.show(isOn ? 'recording' : standing.state === 'paused' ? 'paused' : 'off');
    const changed =
      this.#standing?.state !== standing.state || this.#standing.reason !== standing.reason;
    this.#standing = standing;
    if (changed) this.#options.onState({ state: standing.state, reason: standing.reason });
  }

  #facts(): Facts {
    const capture = this.#capture;
    const isReady = capture?.recorder.isReady === true;
    const alive = capture?.indicator.healthy() ? 'healthy' : 'unhealthy';
    const none = { kind: 'none', because: 'lease.stale' } as const;
    return {
      withdrawn: this.#device.withdrawn,
      pausedUntilMs: this.#pausedUntilMs,
      hasManifest: this.#device.manifest !== null,
      hasKeys: !this.#dayKeys.isEmpty,
      lease: this.#lease?.at(Date.now()) ?? none,
      display: this.#display === 'watched' && !isReady ? 'starting' : this.#display,
      indicator: this.#indicatorDead ? 'dead' : capture ? alive : 'none',
      full: this.#full,
    };
  }

  async #command(command: Command): Promise<CommandReply> {
    const recorder = this.#capture?.recorder;
    switch (command.kind) {
      case 'switches':
        await this.#watch();
        return { ok: true };
      case 'forget':
        return { ok: true, forgotten: await this.#forget(command.sinceMs) };
      case 'forget-session':
        return { ok: true, forgotten: await this.#forget(0, this.#sealer?.session) };
      case 'task-start':
        recorder?.startTask(new Sensitive(command.text));
        return { ok: recorder !== undefined };
      case 'task-end':
        recorder?.endTask();
        return { ok: recorder !== undefined };
    }
  }

  async #forget(sinceMs: number, session?: string): Promise<number> {
    this.#capture?.recorder.forget();
    await this.#sealing;
    return this.#outbox.forget(sinceMs, session);
  }

  async #status(): Promise<Status> {
    const standing = this.#standing ?? standingOf(this.#facts());
    return this.#book.status(standing, this.#pausedUntilMs, this.#gate?.dropped() ?? {});
  }

  async #end(): Promise<{ readonly dueLeft: number }> {
    this.#capture?.recorder.tick();
    this.#capture?.recorder.stand('no-lease');
    await this.#sealing;
    await this.#capture?.[Symbol.asyncDispose]();
    await this.#book.saveDropped(this.#gate?.dropped() ?? {});
    const dueLeft = await this.#outbox.drain(this.#sealer?.session);
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

/** Calls `work` again `everyMs` after it has ended, until disposed. */
function repeat(everyMs: number, work: () => Promise<void>): Disposable {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const next = () => {
    if (!isOver) timer = setTimeout(run, everyMs);
  };
  const run = () => {
    work().then(next, next);
  };
  next();
  return {
    [Symbol.dispose]: () => {
      isOver = true;
      clearTimeout(timer);
    },
  };
}
