// Reads a frame each time the screen has come to rest: no damage for 200 ms. A screen that never
// rests (a video, a caret) is still read at an interval, marked as not settled.
import type { Clock } from '@handrail/core/observation';
import type { FrameGrabber, RawFrame } from './frames.ts';

export const settleMilliseconds = 200;
export const restlessMilliseconds = 1_000;
/** A busy screen costs one event in this time and no more. */
const acceptMilliseconds = 40;

/** What following needs of a grabber. */
export type FrameFeed = Pick<FrameGrabber, 'grab' | 'onDamage' | 'acceptDamage'>;

/** The receiver owns the frame and must release it. */
export interface SettledFrame {
  readonly frame: RawFrame;
  /** False when the screen was still changing while it was read. */
  readonly settled: boolean;
  /** When the last change before the frame was seen. */
  readonly lastDamageAtMs: number;
}

export interface SettledFrames extends AsyncDisposable {
  /** True while a change has been seen that no settled frame shows yet. */
  damagePending(): boolean;
}

/** Calls `onFrame` with the screen of this moment and then after each change. */
export async function followSettledFrames(options: {
  readonly grabber: FrameFeed;
  readonly clock: Clock;
  readonly onFrame: (frame: SettledFrame) => void;
}): Promise<SettledFrames> {
  const watch = new SettleWatch(options.grabber, options.clock, options.onFrame);
  await watch.start();
  return watch;
}

class SettleWatch implements SettledFrames {
  readonly #grabber: FrameFeed;
  readonly #clock: Clock;
  readonly #onFrame: (frame: SettledFrame) => void;
  #acceptTimer: NodeJS.Timeout | undefined;
  #checkTimer: NodeJS.Timeout | undefined;
  #lastDamageAtMs = Number.NEGATIVE_INFINITY;
  #lastFrameAtMs = Number.NEGATIVE_INFINITY;
  #pending = false;
  #reading = false;
  #ended = false;

  constructor(grabber: FrameFeed, clock: Clock, onFrame: (frame: SettledFrame) => void) {
    this.#grabber = grabber;
    this.#clock = clock;
    this.#onFrame = onFrame;
  }

  damagePending(): boolean {
    return this.#pending;
  }

  async start(): Promise<void> {
    this.#grabber.onDamage((atMs) => this.#damaged(atMs));
    this.#grabber.acceptDamage();
    await this.#read();
    this.#checkLater();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#acceptTimer);
    clearTimeout(this.#checkTimer);
  }

  #damaged(atMs: number): void {
    if (this.#ended) return;
    this.#lastDamageAtMs = atMs;
    this.#pending = true;
    this.#acceptTimer ??= setTimeout(() => {
      this.#acceptTimer = undefined;
      this.#grabber.acceptDamage();
    }, acceptMilliseconds);
    if (!this.#reading) this.#checkTimer ??= this.#checkAt(atMs + settleMilliseconds);
  }

  #checkAt(atMs: number): NodeJS.Timeout {
    return setTimeout(() => this.#check(), Math.max(atMs - this.#clock(), 1));
  }

  async #check(): Promise<void> {
    this.#checkTimer = undefined;
    const now = this.#clock();
    const restAtMs = this.#lastDamageAtMs + settleMilliseconds;
    const restlessAtMs = this.#lastFrameAtMs + restlessMilliseconds;
    if (now >= Math.min(restAtMs, restlessAtMs)) await this.#read();
    this.#checkLater();
  }

  /** A change that came while a frame was being read has set no timer. */
  #checkLater(): void {
    if (this.#ended || !this.#pending || this.#checkTimer) return;
    const now = this.#clock();
    const restless = this.#lastFrameAtMs + restlessMilliseconds;
    const rest = this.#lastDamageAtMs + settleMilliseconds;
    // With every buffer lent out there is nothing to read into: asked again after a rest.
    const next = Math.min(rest, restless);
    this.#checkTimer = this.#checkAt(next > now ? next : now + settleMilliseconds);
  }

  async #read(): Promise<void> {
    this.#reading = true;
    const lastDamageAtMs = this.#lastDamageAtMs;
    const frame = await this.#grabber.grab().catch(() => undefined);
    this.#reading = false;
    if (!frame) return;
    if (this.#ended) return frame.release();
    this.#lastFrameAtMs = frame.atMs;
    // Damage during the reading arrives before the pixels do, so nothing slips between the two.
    const still = this.#lastDamageAtMs === lastDamageAtMs;
    const settled = still && frame.atMs - lastDamageAtMs >= settleMilliseconds;
    if (settled) this.#pending = false;
    this.#onFrame({ frame, settled, lastDamageAtMs });
  }
}
