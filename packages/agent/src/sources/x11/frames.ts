// Whole frames of the screen, read through shared memory when the server can (MIT-SHM 1.2) and by
// the core protocol otherwise, and the damage that says when there is something new to read. On a
// still screen nothing runs.
import { HandrailError } from '@handrail/core/errors';
import type { Clock } from '@handrail/core/observation';
import { ChangedParts } from './changed-parts.ts';
import type { DamageExtension, FixesExtension, ShmExtension } from './client.ts';
import { connectX, type XConnection } from './connection.ts';
import { readLayout } from './display.ts';
import { FramePool } from './frame-pool.ts';
import {
  bytesPerPixel,
  ReplyMemory,
  type ScreenMemory,
  type ScreenSize,
  sharedMemory,
} from './screen-memory.ts';

const damageNonEmpty = 3;
const structureNotifyMask = 0x20000;

/** One whole screen as it was. Call `release` when done: its memory is used again. */
export interface RawFrame {
  readonly atMs: number;
  readonly width: number;
  readonly height: number;
  /**
   * Copies `count` rows from `top` on: four bytes a pixel, blue, green, red, unused. They may be
   * written to, and are good until rows of any frame are asked for again.
   */
  rows(top: number, count: number): Uint8Array;
  /** Counts the sizes this grabber has seen, from 1, as the display source does. */
  readonly displayEpoch: number;
  release(): void;
}

export interface FrameGrabber extends AsyncDisposable {
  /** Reads the screen now. Undefined when every memory is in use. Throws `capture.unavailable`. */
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

/** Opens the screen. Memory for `framesMax` screens is made, and never more. */
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
  #isShared = false;
  #size: ScreenSize = { width: 0, height: 0 };
  #rows = new Uint8Array();
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
    this.#pool = new FramePool(framesMax, (size) => this.#memory(size));
  }

  get path(): 'shared' | 'core' {
    return this.#isShared ? 'shared' : 'core';
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

  /** One grab at a time, in the order of asking. */
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
    this.#pool.resize({ width: 0, height: 0 });
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
    this.#pool.resize(this.#size);
    (await this.#pool.lend())?.release();
  }

  async #memory(size: ScreenSize): Promise<ScreenMemory> {
    const shared = this.#shm && (await sharedMemory(this.#connection, this.#shm, size));
    this.#isShared = shared !== undefined;
    return shared ?? new ReplyMemory(this.#connection, size);
  }

  async #read(): Promise<RawFrame | undefined> {
    const displayEpoch = this.#epoch;
    const lent = await this.#pool.lend();
    if (!lent) return undefined;
    const { memory, release } = lent;
    try {
      const atMs = this.#clock();
      await memory.take();
      // What changed before these pixels were read is told before they are.
      await this.#asking;
      const rows = (top: number, count: number) => this.#rowsOf(memory, top, count);
      return { atMs, ...memory.size, displayEpoch, rows, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  #rowsOf(memory: ScreenMemory, top: number, count: number): Uint8Array {
    const bytes = count * memory.size.width * bytesPerPixel;
    if (this.#rows.length < bytes) this.#rows = new Uint8Array(bytes);
    const rows = this.#rows.subarray(0, bytes);
    memory.rows(top, count, rows);
    return rows;
  }
}
