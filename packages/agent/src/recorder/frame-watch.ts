// Frames of the screen for as long as it may be looked at. A frame counts only with a structure
// that was read while nothing on the screen changed, from before the pixels were read until after.
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '@handrail/core/observation';
import type { Recorder } from '@handrail/core/recorder';
import type { Sensitive } from '@handrail/core/sensitive';
import type { ManifestFile } from '@handrail/core/statement';
import type { StructureReader } from '../sources/accessibility/structure.ts';
import type { FrameGrabber } from '../sources/x11/frames.ts';
import {
  type FrameFeed,
  followSettledFrames,
  type SettledFrame,
  type SettledFrames,
} from '../sources/x11/settled-frames.ts';
import type { WindowLister } from '../sources/x11/windows.ts';
import { readDesktop } from './desktop-view.ts';
import { maskFrame } from './frame-mask.ts';

/** An application tells its structure before it draws: so long, at most, a change may lag. */
const confirmMs = 100;
/** A page draws before its structure can be read: it is read again, ever more rarely. */
const partialAgainMsMin = 300;
const partialAgainMsMax = 30_000;

export interface FrameWatchParts {
  readonly grabber: FrameGrabber;
  readonly windows: WindowLister;
  readonly structures: StructureReader;
  readonly manifest: ManifestFile;
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly known: () => readonly Sensitive<string>[];
  /** A frame is known where none was. */
  readonly onReady: () => void;
}

export class FrameWatch implements AsyncDisposable {
  readonly #parts: FrameWatchParts;
  #follower: SettledFrames | undefined;
  #onDamage: (atMs: number) => void = () => undefined;
  /** Counts what changed on the screen. */
  #changes = 0;
  #wanted = false;
  #turning: Promise<void> = Promise.resolve();
  #reading = false;
  #againMs = partialAgainMsMin;
  #againTimer: NodeJS.Timeout | undefined;
  #missed = false;

  constructor(parts: FrameWatchParts) {
    this.#parts = parts;
    parts.grabber.onDamage((atMs) => {
      this.#changes += 1;
      parts.recorder.changed(atMs);
      this.#onDamage(atMs);
    });
  }

  /** Looks at the screen, from now on or no more. */
  look(wanted: boolean): void {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#turn();
  }

  /** Looks again as if for the first time: what was known is not known any more. */
  again(): void {
    if (!this.#wanted) return;
    this.look(false);
    this.look(true);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#againTimer);
    this.look(false);
    await this.#turning;
  }

  #readPartialAgain(isPartial: boolean): void {
    clearTimeout(this.#againTimer);
    if (!isPartial) this.#againMs = partialAgainMsMin;
    else this.#againTimer = setTimeout(() => this.again(), this.#againMs);
    if (isPartial) this.#againMs = Math.min(partialAgainMsMax, this.#againMs * 2);
  }

  #turn(): void {
    const wanted = this.#wanted;
    this.#turning = this.#turning
      .then(async () => {
        await this.#follower?.[Symbol.asyncDispose]();
        this.#follower = wanted ? await this.#follow() : undefined;
      })
      .catch(() => undefined);
  }

  #follow(): Promise<SettledFrames> {
    const { clock, grabber } = this.#parts;
    const onFrame = (frame: SettledFrame) => {
      this.#read(frame).finally(() => frame.frame.release());
    };
    const source: FrameFeed = {
      grab: () => grabber.grab(),
      acceptDamage: () => grabber.acceptDamage(),
      onDamage: (listener) => {
        this.#onDamage = listener;
      },
    };
    return followSettledFrames({ grabber: source, clock, onFrame });
  }

  async #read({ frame, settled, lastDamageAtMs }: SettledFrame): Promise<void> {
    const { recorder, windows, structures, manifest, known, onReady } = this.#parts;
    recorder.changed(lastDamageAtMs);
    this.#missed = this.#reading;
    if (!settled || this.#reading) return;
    this.#reading = true;
    const before = this.#changes;
    const isStale = () => this.#changes !== before || !this.#wanted;
    try {
      const view = await readDesktop({ windows, structures, manifest });
      if (isStale()) return;
      const isSecure = (fieldId: string) => recorder.isSecure(fieldId);
      const parts = { structures, known: known(), isSecure, before: recorder.picture };
      const [masked] = await Promise.all([maskFrame(frame, view, parts), pause(confirmMs)]);
      if (isStale()) return;
      const wasReady = recorder.isReady;
      recorder.addFrame(masked);
      this.#readPartialAgain(view.isPartial);
      if (!wasReady) onReady();
    } catch {
      // A structure that cannot be read is no structure: there is no frame.
    } finally {
      this.#reading = false;
      if (this.#missed) this.again();
    }
  }
}
