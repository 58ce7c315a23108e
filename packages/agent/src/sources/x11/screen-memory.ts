// Where the X server puts the pixels of one screen: memory that it shares (MIT-SHM 1.2), of which
// only the rows that are asked for are copied here; or, without that, the core protocol's reply.
import { randomUUID } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, readSync, unlinkSync } from 'node:fs';
import type { ShmExtension } from './client.ts';
import type { XConnection } from './connection.ts';

const zPixmap = 2;
const allPlanes = 0xffff_ffff;
export const bytesPerPixel = 4;
const sharedFolder = '/dev/shm';
const ownerOnly = 0o600;

export interface ScreenSize {
  readonly width: number;
  readonly height: number;
}

export interface ScreenMemory {
  readonly size: ScreenSize;
  /** Lets the server write the screen of this moment. Throws `capture.unavailable`. */
  take(): Promise<void>;
  /** Rows from `top` on, written into `target`. */
  rows(top: number, count: number, target: Uint8Array): void;
  free(): void;
}

/** Undefined where server and agent share no memory: on another machine, or before MIT-SHM 1.2. */
export async function sharedMemory(
  connection: XConnection,
  shm: ShmExtension,
  size: ScreenSize,
): Promise<ScreenMemory | undefined> {
  const file = unnamedFile(size.width * size.height * bytesPerPixel);
  if (file === undefined) return undefined;
  const segment = connection.client.AllocID();
  try {
    await connection.ask((_, done) => shm.AttachFd(segment, file, false, done));
    return new SharedMemory(connection, shm, size, file, segment);
  } catch {
    closeSync(file);
    return undefined;
  }
}

/** A file in memory that no other process can find. */
function unnamedFile(bytes: number): number | undefined {
  try {
    const path = `${sharedFolder}/handrail-${randomUUID()}`;
    const file = openSync(path, 'wx+', ownerOnly);
    unlinkSync(path);
    ftruncateSync(file, bytes);
    return file;
  } catch {
    return undefined;
  }
}

class SharedMemory implements ScreenMemory {
  readonly size: ScreenSize;
  readonly #connection: XConnection;
  readonly #shm: ShmExtension;
  readonly #file: number;
  readonly #segment: number;

  constructor(
    connection: XConnection,
    shm: ShmExtension,
    size: ScreenSize,
    file: number,
    segment: number,
  ) {
    this.#connection = connection;
    this.#shm = shm;
    this.size = size;
    this.#file = file;
    this.#segment = segment;
  }

  async take(): Promise<void> {
    const { width, height } = this.size;
    const { root } = this.#connection;
    await this.#connection.ask((_, done) =>
      this.#shm.GetImage(root, 0, 0, width, height, allPlanes, zPixmap, this.#segment, 0, done),
    );
  }

  rows(top: number, count: number, target: Uint8Array): void {
    const stride = this.size.width * bytesPerPixel;
    readSync(this.#file, target, 0, count * stride, top * stride);
  }

  free(): void {
    this.#shm.Detach(this.#segment);
    closeSync(this.#file);
  }
}

/** The screen as the core protocol's reply. */
export class ReplyMemory implements ScreenMemory {
  readonly size: ScreenSize;
  readonly #connection: XConnection;
  #reply: Buffer | undefined;

  constructor(connection: XConnection, size: ScreenSize) {
    this.#connection = connection;
    this.size = size;
  }

  async take(): Promise<void> {
    const { width, height } = this.size;
    const { root } = this.#connection;
    const image = await this.#connection.ask<{ readonly data: Buffer }>((client, done) =>
      client.GetImage(zPixmap, root, 0, 0, width, height, allPlanes, done),
    );
    this.#reply = image.data;
  }

  rows(top: number, count: number, target: Uint8Array): void {
    const stride = this.size.width * bytesPerPixel;
    const rows = this.#reply?.subarray(top * stride, (top + count) * stride);
    if (rows) target.set(rows);
  }

  free(): void {
    this.#reply = undefined;
  }
}
