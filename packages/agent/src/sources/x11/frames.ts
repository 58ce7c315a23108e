// Whole frames of the screen, read through shared memory when the server can (MIT-SHM 1.2) and by
// the core protocol otherwise, and the damage that says when there is something new to read. On a
// still screen nothing runs.
import { HandrailError } from '@handrail/core/errors';
import type { Clock } from '../source.ts';
import { ChangedParts } from './changed-parts.ts';
import type { DamageExtension, FixesExtension, ShmExtension, ShmSegment } from './client.ts';
import { connectX, type XConnection } from './connection.ts';
import { readLayout } from './display.ts';
import { FramePool } from './frame-pool.ts';

const zPixmap = 2;
const allPlanes = 0xffff_ffff;
const damageNonEmpty = 3;
const structureNotifyMask = 0x20000;
const bytesPerPixel = 4;

/** One whole screen in memory. Call `release` when done: its buffer is used again. */
export interface RawFrame {
  readonly atMs: number;
  readonly width: number;
  readonly height: number;
  /** Four bytes a pixel, row by row: blue, green, red, unused. */
  readonly bgrx: Uint8Array;
  /** Counts the sizes this grabber has seen, from 1, as the display source does. */
  readonly displayEpoch: number;
  release(): void;
}

export interface FrameGrabber extends AsyncDisposable {
  /** Reads the screen now. Undefined when every buffer is in use. Throws `capture.unavailable`. */
  grab(): Promise<RawFrame | undefined>;
  /**
   * Calls once for a change of the screen, and again only after `acceptDamage`. A caret that blinks
   * is no change.
   */
  onDamage(listener: (atMs: number) => void): void;
  /** True from the first unread change on. */
  damagePending(): boolean;
  /** Says that what changed so far will be read: later changes are told anew. */
  acceptDamage(): void;
  onGone(listener: () => void): void;
  /** How frames are read: `shared` memory or the `core` protocol. */
  readonly path: 'shared' | 'core';
}

/** Opens the screen. `framesMax` buffers of one screen each are made, and never more. */
export async function openFrameGrabber(options: {
  readonly display: string;
  readonly clock: Clock;
  readonly framesMax?: number;
}): Promise<FrameGrabber> {
  const connection = await connectX(options.display);
  try {
    if (connection.screen.root_depth !== 24) {
      throw new HandrailError('capture.unavailable', 'Use a screen with 24 bits of colour.');
    }
    const damage = await connection.extension<DamageExtension>('damage');
    const fixes = await connection.extension<FixesExtension>('fixes');
    const shm = await connection.extension<ShmExtension>('shm').catch(() => undefined);
    const parts = { connection, damage, fixes, shm, clock: options.clock };
    const grabber = new Grabber(parts, options.framesMax ?? 4);
    await grabber.start();
    return grabber;
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error;
  }
}

interface GrabberParts {
  readonly connection: XConnection;
  readonly damage: DamageExtension;
  readonly fixes: FixesExtension;
  readonly shm: ShmExtension | undefined;
  readonly clock: Clock;
}

class Grabber implements FrameGrabber {
  readonly #connection: XConnection;
  readonly #damage: DamageExtension;
  readonly #damageId: number;
  readonly #shm: ShmExtension | undefined;
  readonly #clock: Clock;
  readonly #pool: FramePool;
  readonly #listeners: ((atMs: number) => void)[] = [];
  #segment: ShmSegment | undefined;
  #size = { width: 0, height: 0 };
  #epoch = 0;
  readonly #parts: ChangedParts;
  /** Settles once it is known whether the last change was one. */
  #asking: Promise<void> = Promise.resolve();
  #isAsking = false;
  #pending = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: GrabberParts, framesMax: number) {
    const { connection, damage, fixes, shm, clock } = parts;
    this.#connection = connection;
    this.#damage = damage;
    this.#damageId = connection.client.AllocID();
    this.#parts = new ChangedParts(connection, damage, fixes, this.#damageId);
    this.#shm = shm;
    this.#clock = clock;
    this.#pool = new FramePool(framesMax);
  }

  get path(): 'shared' | 'core' {
    return this.#segment ? 'shared' : 'core';
  }

  async start(): Promise<void> {
    const { client, root } = this.#connection;
    client.on('event', (event) => {
      if (event.name === 'DamageNotify' && event.damage === this.#damageId) this.#damaged();
      if (event.name === 'ConfigureNotify') this.#resized();
    });
    client.ChangeWindowAttributes(root, { eventMask: structureNotifyMask });
    await this.#resize();
    this.#damage.Create(this.#damageId, root, damageNonEmpty);
    await this.#connection.ask((x, done) => x.sync(done));
  }

  /** One grab at a time: they share one segment. */
  grab(): Promise<RawFrame | undefined> {
    const next = this.#last.then(() => this.#read());
    this.#last = next.catch(() => undefined);
    return next;
  }

  onDamage(listener: (atMs: number) => void): void {
    this.#listeners.push(listener);
  }

  damagePending(): boolean {
    return this.#pending;
  }

  acceptDamage(): void {
    if (!this.#pending) return;
    this.#pending = false;
    this.#damage.Subtract(this.#damageId, 0, 0);
  }

  onGone(listener: () => void): void {
    this.#connection.onGone(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    this.#segment?.detach();
    this.#damage.Destroy(this.#damageId);
    await this.#connection.tryAsk((client, done) => client.sync(done));
    await this.#connection[Symbol.asyncDispose]();
  }

  #damaged(): void {
    if (this.#pending || this.#isAsking) return;
    const atMs = this.#clock();
    this.#isAsking = true;
    this.#asking = this.#parts.takeChange().then((isChange) => {
      this.#isAsking = false;
      if (!isChange || this.#pending) return;
      this.#pending = true;
      for (const listener of this.#listeners) listener(atMs);
    });
  }

  #resized(): void {
    this.#last = this.#last.then(() => this.#resize()).catch(() => undefined);
  }

  async #resize(): Promise<void> {
    const { width, height } = await readLayout(this.#connection, undefined);
    if (width === this.#size.width && height === this.#size.height) return;
    this.#size = { width, height };
    this.#epoch += 1;
    const bytes = width * height * bytesPerPixel;
    this.#pool.resize(bytes);
    this.#segment?.detach();
    this.#segment = undefined;
    const shm = this.#shm;
    if (!shm) return;
    this.#segment = await this.#connection.tryAsk<ShmSegment>((_, done) =>
      shm.createSegment(bytes, done),
    );
  }

  async #read(): Promise<RawFrame | undefined> {
    const { width, height } = this.#size;
    const displayEpoch = this.#epoch;
    const lent = this.#pool.lend();
    if (!lent) return undefined;
    try {
      const atMs = this.#clock();
      const pixels = await this.#pixels(width, height);
      // What changed before these pixels were read is told before they are.
      await this.#asking;
      lent.bytes.set(pixels.subarray(0, lent.bytes.length));
      return { atMs, width, height, bgrx: lent.bytes, displayEpoch, release: lent.release };
    } catch (error) {
      lent.release();
      throw error;
    }
  }

  async #pixels(width: number, height: number): Promise<Uint8Array> {
    const { root } = this.#connection;
    const segment = this.#segment;
    if (segment) {
      await this.#connection.ask((_, done) =>
        segment.getImage(root, 0, 0, width, height, allPlanes, zPixmap, 0, done),
      );
      return segment.buffer;
    }
    const image = await this.#connection.ask<{ readonly data: Buffer }>((client, done) =>
      client.GetImage(zPixmap, root, 0, 0, width, height, allPlanes, done),
    );
    return image.data;
  }
}
