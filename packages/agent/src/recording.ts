// One span of capture under one manifest: gate, capture, and the sealing of what it yields. It has
// a session of its own; whatever it was bound to changes, it ends and another begins.

import type { DayKeys } from '@handrail/core/device';
import { type ErrorCode, HandrailError } from '@handrail/core/errors';
import { Gate } from '@handrail/core/gate';
import type { FinishedDraft } from '@handrail/core/recorder';
import type { Signer } from '@handrail/core/seal';
import { type ManifestStatement, manifestHash } from '@handrail/core/statement';
import { Capture } from './capture.ts';
import type { Device } from './home/home.ts';
import type { Outbox } from './outbox.ts';
import { Sealer } from './segment/sealer.ts';

/** So many segments in a row that cannot be sealed, and recording stops instead of pretending. */
const failuresMax = 3;

export interface RecordingParts {
  readonly device: Device;
  readonly signer: Signer;
  readonly dayKeys: DayKeys;
  readonly outbox: Outbox;
  readonly manifest: ManifestStatement;
  readonly display: string;
  readonly sessionBus: string;
  readonly virtualDisplay: boolean;
  readonly reviewWindowMs: number;
  readonly programmeEpoch: () => number;
  readonly onEnd: (reason: 'display-gone' | 'indicator') => void;
  readonly onChange: () => void;
  readonly onTrouble: (cause: unknown) => void;
}

export class Recording implements AsyncDisposable {
  readonly gate: Gate;
  readonly capture: Capture;
  readonly #parts: RecordingParts;
  readonly #sealer: Sealer;
  #sealing: Promise<void> = Promise.resolve();
  #failures = 0;
  #trouble: ErrorCode | undefined;

  private constructor(parts: RecordingParts, gate: Gate, sealer: Sealer, capture: Capture) {
    this.#parts = parts;
    this.gate = gate;
    this.#sealer = sealer;
    this.capture = capture;
  }

  /** Throws `capture.unavailable`. */
  static async start(parts: RecordingParts): Promise<Recording> {
    const { display, sessionBus, onEnd, onChange, virtualDisplay } = parts;
    const { manifest } = parts.manifest;
    const gate = new Gate(manifest, virtualDisplay);
    const sealer = newSealer(parts);
    const clock = () => performance.now();
    const known = () => sealer.known;
    let recording: Recording | undefined;
    const onDraft = (finished: FinishedDraft) => recording?.seal(finished);
    const options = { display, sessionBus, gate, manifest, clock, known, onDraft, onEnd, onChange };
    recording = new Recording(parts, gate, sealer, await Capture.start(options));
    return recording;
  }

  get session(): string {
    return this.#sealer.session;
  }

  /** Why nothing can be kept: storage is full, or segments fail one after the other. */
  get trouble(): 'full' | 'sealing' | undefined {
    if (this.#trouble === 'storage.full') return 'full';
    return this.#failures >= failuresMax ? 'sealing' : undefined;
  }

  /** Tries again after trouble, where there is room again. */
  async recover(): Promise<void> {
    if (this.trouble !== 'full' || !(await this.#parts.outbox.spool.hasRoom())) return;
    this.#trouble = undefined;
    this.#failures = 0;
  }

  seal(finished: FinishedDraft): void {
    this.#sealing = this.#sealing.then(async () => {
      try {
        await this.#sealer.seal(finished);
        this.#failures = 0;
        this.#trouble = undefined;
        this.#parts.outbox.wake();
      } catch (cause) {
        this.#failures += 1;
        this.#trouble = cause instanceof HandrailError ? cause.code : 'internal';
        this.#parts.onTrouble(cause);
      }
    });
  }

  /** Resolves once everything that was handed over is in the spool. */
  sealed(): Promise<void> {
    return this.#sealing;
  }

  /** Seals what there is, and says that the session has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.capture.recorder.tick();
    this.capture.recorder.stand('no-lease');
    await this.capture[Symbol.asyncDispose]();
    await this.#sealing;
    await this.#parts.outbox.endSession(this.session);
  }
}

function newSealer(parts: RecordingParts): Sealer {
  const { device, signer, dayKeys, outbox, manifest, virtualDisplay } = parts;
  return new Sealer({
    device,
    signer,
    dayKeys,
    spool: outbox.spool,
    contexts: manifest.manifest.contexts,
    manifest: manifestHash(manifest),
    display: virtualDisplay ? 'virtual' : 'own',
    programmeEpoch: parts.programmeEpoch,
    reviewWindowMs: parts.reviewWindowMs,
    // Asked each time: the monotonic clock stands still while a laptop sleeps.
    toUnixMs: (atMs) => Date.now() - performance.now() + atMs,
  });
}
