// The life of one service worker: it keeps rights fresh, begins and ends recordings as they change,
// hands in what is sealed, and applies what stands against capture before anything else.

import { retrySeconds, uploadDue } from '@handrail/core/device';
import { contextOf } from '@handrail/core/gate';
import { manifestHash } from '@handrail/core/statement';
import { type Store, signerOf } from '../device/store.ts';
import { showBadge } from './badge.ts';
import { type Command, pauseEnd, type Status } from './commands.ts';
import { Pages } from './pages.ts';
import { Recording } from './recording.ts';
import { Rights } from './rights.ts';
import { originsOf, ownApp, runScriptsAt } from './scripts.ts';
import { Spool } from './spool.ts';
import { type Standing, standingOf } from './standing.ts';

const tickMs = 250;
const refreshMs = 20_000;
/** While something is missing it is asked for more often. */
const eagerMs = 1_000;
/** Segments leave in batches, at a time that says little about when they were made. */
const batchMsMin = 1_000;
const batchMsMax = 5_000;
const failuresMax = 3;

export class Life {
  readonly pages: Pages;
  readonly #store: Store;
  readonly #spool: Spool;
  readonly #app = ownApp();
  #rights: Rights | undefined;
  #recording: Recording | undefined;
  #pausedUntilMs: number | null | undefined = null;
  #failures = 0;
  #isShown = true;
  #standing: Standing | undefined;
  #refreshedAtMs = Number.NEGATIVE_INFINITY;
  #refreshing: Promise<void> | undefined;
  #uploadAtMs = Number.POSITIVE_INFINITY;
  #attempt = 0;
  #uploading: Promise<void> = Promise.resolve();

  private constructor(store: Store, spool: Spool) {
    this.#store = store;
    this.#spool = spool;
    this.pages = new Pages({
      app: this.#app,
      clock,
      contextOf: (origin) => this.#contextOf(origin),
      isOn: () => this.#recording !== undefined && this.#standing?.gap === undefined,
      onSeen: (observation) => this.#recording?.recorder.observe(observation),
      onMap: (atMs, map) => this.#recording?.recorder.addMap(atMs, map),
    });
  }

  static async start(store: Store): Promise<Life> {
    const life = new Life(store, await Spool.open(store));
    const { session, ...state } = await store.runState();
    // A worker that was ended could not say so of its session.
    if (session) await life.#spool.add(session, [], true);
    await store.saveRunState(state);
    await life.#readSwitches();
    await life.#stand();
    setInterval(() => life.#tick(), tickMs);
    life.#uploadAtMs = 0;
    return life;
  }

  async obey(command: Command): Promise<Status> {
    if (command.kind === 'pause') {
      await this.#pause({ pausedUntilMs: pauseEnd(command.span, clock()) });
    } else if (command.kind === 'resume') await this.#pause({});
    else if (command.kind === 'changed') {
      // One that is under way may have read what held before.
      await this.#refreshing;
      await this.refresh();
    }
    return this.#status();
  }

  /** Asks for what capture needs; one at a time. */
  refresh(): Promise<void> {
    this.#refreshedAtMs = clock();
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #refresh(): Promise<void> {
    const device = await this.#store.device();
    const isOther = device?.consent.payload.pseudonym !== this.#pseudonym;
    if (isOther) await this.#endRecording();
    if (isOther) this.#rights = device && (await Rights.of(this.#store, device));
    await this.#rights?.refresh().catch(() => undefined);
    const manifest = this.#rights?.inForce?.manifest.payload;
    await this.#useManifest(this.#rights?.facts().left ? undefined : manifest);
    await this.#stand();
  }

  get #pseudonym(): string | undefined {
    return this.#rights?.device.consent.payload.pseudonym;
  }

  async #useManifest(manifest: Parameters<typeof manifestHash>[0] | undefined): Promise<void> {
    const hash = manifest && manifestHash(manifest);
    const { manifest: known } = this.#recording ?? {};
    if (known === hash) return;
    await this.#endRecording();
    const rights = this.#rights;
    if (manifest && hash && rights) {
      this.#recording = new Recording({
        device: rights.device,
        signer: await signerOf(rights.device.signing),
        dayKeys: rights.dayKeys,
        manifest,
        programmeEpoch: () => rights.programmeEpoch,
        clock,
        keep: (note, sealed) => this.#spool.keep(note, sealed),
        onSealed: (cause) => this.#sealed(cause),
      });
      const state = await this.#store.runState();
      await this.#store.saveRunState({ ...state, session: this.#recording.session });
    }
    this.pages.answerAll();
    await runScriptsAt(originsOf(manifest?.manifest, this.#app));
  }

  async #endRecording(): Promise<void> {
    const recording = this.#recording;
    if (!recording) return;
    this.#recording = undefined;
    // Who has left takes along what is not sealed yet.
    if (this.#rights?.facts().left) recording.recorder.forget();
    recording.recorder.stand('no-lease');
    await recording.sealed();
    await this.#spool.add(recording.session, [], true);
    this.#uploadAtMs = 0;
  }

  #contextOf(origin: string): number | undefined {
    const manifest = this.#rights?.inForce?.manifest.payload.manifest;
    const isNamed = originsOf(manifest, this.#app).includes(origin);
    return manifest && isNamed ? contextOf(manifest, { app: this.#app, origin }) : undefined;
  }

  #sealed(cause: unknown): void {
    this.#failures = cause === undefined ? 0 : this.#failures + 1;
    const waitMs = batchMsMin + Math.random() * (batchMsMax - batchMsMin);
    if (cause === undefined) this.#uploadAtMs = clock() + waitMs;
  }

  async #pause(switches: { readonly pausedUntilMs?: number | null }): Promise<void> {
    this.#pausedUntilMs = switches.pausedUntilMs;
    await this.#stand();
    await this.#store.saveSwitches(switches);
    await this.#recording?.sealed();
  }

  async #readSwitches(): Promise<void> {
    this.#pausedUntilMs = (await this.#store.switches()).pausedUntilMs;
  }

  #tick(): void {
    this.#recording?.recorder.tick();
    const nowMs = clock();
    const isOver = typeof this.#pausedUntilMs === 'number' && this.#pausedUntilMs <= nowMs;
    if (isOver) this.#pausedUntilMs = undefined;
    if (this.#standingNow().gap !== this.#standing?.gap) void this.#stand();
    const every = this.#standing?.state === 'waiting' ? eagerMs : refreshMs;
    if (nowMs - this.#refreshedAtMs >= every && !this.#refreshing) void this.refresh();
    if (nowMs >= this.#uploadAtMs) this.#upload(nowMs);
  }

  #standingNow(): Standing {
    const none = { kind: 'none', because: 'lease.stale' } as const;
    const nothing = { joined: false, left: false, hasManifest: false, hasKeys: false, lease: none };
    return standingOf({
      ...(this.#rights?.facts() ?? nothing),
      pausedUntilMs: this.#pausedUntilMs,
      trouble: this.#failures >= failuresMax ? 'segments cannot be sealed' : undefined,
      isShown: this.#isShown,
    });
  }

  /** A stop goes to the gate first; recording begins only once the badge says so. */
  async #stand(): Promise<void> {
    const before = this.#standing;
    const wanted = this.#standingNow();
    if (wanted.gap !== undefined) this.#apply(wanted);
    this.#isShown = await showBadge(wanted);
    const standing = this.#standingNow();
    if (standing.state === wanted.state) this.#apply(standing);
    if (before?.gap !== this.#standing?.gap) this.pages.answerAll();
  }

  #apply(standing: Standing): void {
    this.#standing = standing;
    const { gate, recorder } = this.#recording ?? {};
    if (gate && gate.standing !== standing.gap) recorder?.stand(standing.gap);
  }

  #upload(nowMs: number): void {
    this.#uploadAtMs = nowMs + 60_000;
    this.#uploading = this.#uploading.then(() => this.#pass()).catch(() => undefined);
  }

  async #pass(): Promise<void> {
    const client = this.#rights?.client;
    if (!client) return;
    const { waiting } = await uploadDue(this.#spool, this.#spool, client, clock());
    this.#attempt = waiting ? this.#attempt + 1 : 0;
    if (waiting) {
      this.#uploadAtMs = clock() + retrySeconds(this.#attempt, Math.random()) * 1000;
    } else await this.#spool.tellHoles(client);
  }

  #status(): Status {
    const { state, reason } = this.#standing ?? this.#standingNow();
    return {
      state,
      reason,
      joined: this.#rights !== undefined && !this.#rights.facts().left,
      pausedUntilMs: this.#pausedUntilMs ?? null,
      waiting: this.#spool.notes().length,
      asks: this.#rights?.inForce?.pending !== undefined,
    };
  }
}

/** Unix ms that never run backwards while the worker lives. */
function clock(): number {
  return performance.timeOrigin + performance.now();
}
