// One span of capture under one manifest: gate, recorder, and the sealing of what it yields, all of
// the same code as on the desktop. It has a session of its own.

import { type DayKeys, type SpoolNote, utcDay } from '@handrail/core/device';
import { HandrailError } from '@handrail/core/errors';
import { Gate } from '@handrail/core/gate';
import { idOf } from '@handrail/core/ids';
import { contentOf, type FinishedDraft, Recorder, redactDraft } from '@handrail/core/recorder';
import { rulesOf } from '@handrail/core/redact';
import { randomBytes, type Signer } from '@handrail/core/seal';
import { encodeContent, type SegmentHeader, sealSegment } from '@handrail/core/segment';
import { type ManifestStatement, manifestHash } from '@handrail/core/statement';
import type { Device } from '../device/store.ts';

export interface RecordingParts {
  readonly device: Device;
  readonly signer: Signer;
  readonly dayKeys: DayKeys;
  readonly manifest: ManifestStatement;
  readonly programmeEpoch: () => number;
  /** Unix ms that never run backwards. */
  readonly clock: () => number;
  readonly keep: (note: SpoolNote, sealed: Uint8Array) => Promise<void>;
  /** A segment was kept, or could not be. */
  readonly onSealed: (cause: unknown) => void;
}

export class Recording {
  readonly gate: Gate;
  readonly recorder: Recorder;
  /** Hash of the manifest that it keeps to. */
  readonly manifest: string;
  readonly session = idOf('ses', randomBytes(32));
  readonly #parts: RecordingParts;
  #sequence = 0;
  #sealing: Promise<void> = Promise.resolve();

  constructor(parts: RecordingParts) {
    this.#parts = parts;
    this.manifest = manifestHash(parts.manifest);
    this.gate = new Gate(parts.manifest.manifest, false);
    this.recorder = new Recorder({
      gate: this.gate,
      clock: parts.clock,
      encodeImage: async () => new Uint8Array(),
      onDraft: (finished) => this.#take(finished),
    });
  }

  /** Resolves once everything that was recorded so far is kept. */
  sealed(): Promise<void> {
    return this.#sealing;
  }

  #take(finished: FinishedDraft): void {
    this.#sealing = this.#sealing
      .then(() => this.#seal(finished))
      .then(() => this.#parts.onSealed(undefined), this.#parts.onSealed);
  }

  async #seal({ draft, closes }: FinishedDraft): Promise<void> {
    const { manifest, signer, keep } = this.#parts;
    const { contexts } = manifest.manifest;
    const redacted = redactDraft(draft.events, rulesOf(contexts));
    const parts = { startedAtMs: draft.startedAtMs, contexts, frames: [] };
    const content = encodeContent(contentOf(draft, redacted, parts), redacted.texts);
    const header = this.#header(draft.openedAtMs, closes);
    const { id, bytes } = await sealSegment(header, content, signer);
    const { session, sequence } = header;
    const times = { fromMs: draft.startedAtMs, toMs: draft.lastMs, heldUntilMs: 0 };
    await keep({ id, session, sequence, ...times }, bytes);
    this.#sequence += 1;
  }

  #header(openedAtMs: number, closes: boolean): SegmentHeader {
    const { device, dayKeys, manifest, programmeEpoch } = this.#parts;
    const day = utcDay(openedAtMs);
    const key = dayKeys.of(day);
    if (key === undefined) {
      throw new HandrailError('keys.unknown', 'The vault has issued no key for this day yet.');
    }
    const { programme, pseudonym, consentEpoch, device: id } = device.consent.payload;
    return {
      v: 1,
      programme,
      pseudonym,
      device: id,
      session: this.session,
      sequence: this.#sequence,
      closes,
      consentEpoch,
      programmeEpoch: programmeEpoch(),
      manifest: manifestHash(manifest),
      display: 'own',
      sealedTo: key.publicKey,
      day,
    };
  }
}
