// Segments that wait on the device: ciphertext only. In the review window a segment lies under its
// own window key; after it, it lies sealed to the vault until it is handed in. Forgetting destroys
// the window key first, so that what is left opens for nobody.
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fromUtf8, utf8 } from '@handrail/core/bytes';
import type { SpoolNote } from '@handrail/core/device';
import { HandrailError } from '@handrail/core/errors';
import { decryptWithNonce, encryptWithNonce, newContentKey } from '@handrail/core/seal';
import { parseSealed, sealedBytesMax } from '@handrail/core/segment';
import { z } from 'zod';
import { makePrivateFolder, readFileIfAny, syncFolder, writeFileDurably } from '../home/files.ts';

export const spoolBytesMax = 1024 * 1024 * 1024;
export const spoolSegmentsMax = 20_000;
const probeBytes = 64 * 1024;
/** No write takes longer, so that what is older and not whole was left by a crash. */
const writingSecondsMax = 60;

/** What the device knows of a waiting segment; it lies beside it, without content. */
const noteSchema = z.strictObject({
  id: z.string(),
  session: z.string(),
  sequence: z.int(),
  fromMs: z.number(),
  toMs: z.number(),
  heldUntilMs: z.number(),
});

export interface SpoolSize {
  readonly segments: number;
  readonly bytes: number;
}

export class Spool {
  readonly #folder: string;
  #bytes = 0;
  #addedBytes = 0;
  #last: Promise<unknown> = Promise.resolve();
  readonly #notes = new Map<string, SpoolNote>();
  readonly #bytesMax: number;

  private constructor(folder: string, bytesMax: number) {
    this.#folder = folder;
    this.#bytesMax = bytesMax;
  }

  /** Opens or makes the spool; leftovers of a crash are completed or removed. */
  static async open(folder: string, bytesMax = spoolBytesMax): Promise<Spool> {
    const spool = new Spool(folder, bytesMax);
    await makePrivateFolder(folder);
    await spool.#recover();
    return spool;
  }

  size(): SpoolSize {
    return { segments: this.#notes.size, bytes: this.#bytes };
  }

  /** How many bytes were put in since it was opened. */
  get addedBytes(): number {
    return this.#addedBytes;
  }

  notes(): readonly SpoolNote[] {
    return [...this.#notes.values()].sort(inOrder);
  }

  /**
   * Keeps a sealed segment. With a review window it also keeps `contentKey` for the owner's own
   * review, both under a fresh window key. Throws `storage.full` at the spool's limit.
   */
  async add(note: SpoolNote, sealed: Uint8Array, contentKey: Uint8Array, nowMs: number) {
    if (this.#bytes + sealed.length > this.#bytesMax || this.#notes.size >= spoolSegmentsMax) {
      throw new HandrailError(
        'storage.full',
        'The spool is full: connect, so that it can be sent.',
      );
    }
    return this.#inTurn(async () => {
      try {
        if (note.heldUntilMs > nowMs) await this.#hold(note, sealed, contentKey);
        else await writeFileDurably(this.#path(note.id, 'seg'), sealed);
        await writeFileDurably(this.#path(note.id, 'json'), JSON.stringify(note));
      } catch (cause) {
        // Half a segment would come back after a restart, in a place that another has by then.
        await this.#remove(note.id).catch(() => undefined);
        throw cause;
      }
      this.#notes.set(note.id, note);
      this.#bytes += sealed.length;
      this.#addedBytes += sealed.length;
    });
  }

  /** True when there is room again for a segment of the largest size, also on the disk. */
  async hasRoom(): Promise<boolean> {
    const fits = this.#bytes + sealedBytesMax <= this.#bytesMax;
    if (!fits || this.#notes.size >= spoolSegmentsMax) return false;
    const probe = join(this.#folder, '.room.part');
    return writeFileDurably(probe, new Uint8Array(probeBytes))
      .then(() => rm(probe, { force: true }))
      .then(
        () => true,
        () => false,
      );
  }

  /** Ends the review window of what is due: the segment stays sealed, its window key goes. */
  async release(nowMs: number): Promise<void> {
    for (const { id, heldUntilMs } of this.notes()) {
      if (heldUntilMs > nowMs) continue;
      await this.#inTurn(async () => {
        // It may have been forgotten while others were released.
        if (!this.#notes.has(id) || !(await exists(this.#path(id, 'key')))) return;
        const { sealed } = await this.review(id);
        await writeFileDurably(this.#path(id, 'seg'), sealed);
        await this.#destroy(this.#path(id, 'key'));
        await rm(this.#path(id, 'win'), { force: true });
      });
    }
  }

  /** What lies in the review window, for its owner. Throws `not.found` once it has ended. */
  async review(
    id: string,
  ): Promise<{ readonly sealed: Uint8Array; readonly contentKey: Uint8Array }> {
    const windowKey = await readFileIfAny(this.#path(id, 'key'));
    const held = await readFileIfAny(this.#path(id, 'win'));
    if (!windowKey || !held) throw new HandrailError('not.found', 'This segment is not held here.');
    const whole = await decryptWithNonce(new Uint8Array(windowKey), utf8(id), new Uint8Array(held));
    return { contentKey: whole.subarray(0, 32), sealed: whole.subarray(32) };
  }

  /** The sealed bytes of a due segment, or undefined while it is held or once it is gone. */
  async due(id: string): Promise<Uint8Array | undefined> {
    const bytes = await readFileIfAny(this.#path(id, 'seg'));
    return bytes && new Uint8Array(bytes);
  }

  /** Removes one segment for good: handed in, refused or forgotten. */
  drop(id: string): Promise<void> {
    return this.#inTurn(() => this.#remove(id));
  }

  async #remove(id: string): Promise<void> {
    const size = await this.#fileSize(id);
    await this.#destroy(this.#path(id, 'key'));
    for (const kind of ['win', 'seg', 'json']) await rm(this.#path(id, kind), { force: true });
    await syncFolder(this.#folder);
    if (this.#notes.delete(id)) this.#bytes = Math.max(0, this.#bytes - size);
  }

  /** One after the other: what is being released must not come back from being forgotten. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #hold(note: SpoolNote, sealed: Uint8Array, contentKey: Uint8Array): Promise<void> {
    const windowKey = newContentKey();
    const whole = new Uint8Array(Buffer.concat([contentKey, sealed]));
    const held = await encryptWithNonce(windowKey, utf8(note.id), whole);
    await writeFileDurably(this.#path(note.id, 'key'), windowKey);
    await writeFileDurably(this.#path(note.id, 'win'), held);
  }

  /** Overwrites before removing, so that an undelete finds no key. */
  async #destroy(path: string): Promise<void> {
    if (!(await exists(path))) return;
    await writeFileDurably(path, new Uint8Array(32));
    await rm(path, { force: true });
    await syncFolder(this.#folder);
  }

  async #recover(): Promise<void> {
    const names = await readdir(this.#folder);
    for (const name of names.filter((each) => each.endsWith('.part'))) {
      if (await this.#isLeftover(name)) await rm(join(this.#folder, name), { force: true });
    }
    const segments = names.filter((name) => name.startsWith('seg_'));
    for (const id of new Set(segments.map((name) => stem(name)))) {
      const note = await this.#noteOf(id);
      if (note) {
        this.#notes.set(id, note);
        this.#bytes += await this.#fileSize(id);
      } else {
        const own = segments.filter((name) => stem(name) === id);
        const old = await Promise.all(own.map((name) => this.#isLeftover(name)));
        if (old.every((each) => each)) await this.#remove(id);
      }
    }
  }

  /** Another process of this home may be writing; what a crash left is older. */
  async #isLeftover(name: string): Promise<boolean> {
    const found = await stat(join(this.#folder, name)).catch(() => undefined);
    return found === undefined || Date.now() - found.mtimeMs > writingSecondsMax * 1000;
  }

  // A crash can come between a segment and its note: the segment itself says what the note would.
  async #noteOf(id: string): Promise<SpoolNote | undefined> {
    const known = noteIn(await readFileIfAny(this.#path(id, 'json')));
    if (known) return known;
    const sealed = await this.due(id);
    if (sealed === undefined) return undefined;
    try {
      const { session, sequence } = parseSealed(sealed).header;
      const note = { id, session, sequence, fromMs: 0, toMs: Date.now(), heldUntilMs: 0 };
      await writeFileDurably(this.#path(id, 'json'), JSON.stringify(note));
      return note;
    } catch {
      return undefined;
    }
  }

  async #fileSize(id: string): Promise<number> {
    for (const kind of ['seg', 'win']) {
      const found = await stat(this.#path(id, kind)).catch(() => undefined);
      if (found) return found.size;
    }
    return 0;
  }

  #path(id: string, kind: string): string {
    return join(this.#folder, `${id}.${kind}`);
  }
}

function noteIn(bytes: Uint8Array | undefined): SpoolNote | undefined {
  try {
    return bytes && noteSchema.parse(JSON.parse(fromUtf8(bytes)));
  } catch {
    return undefined;
  }
}

function stem(name: string): string {
  return name.slice(0, name.lastIndexOf('.'));
}

function inOrder(a: SpoolNote, b: SpoolNote): number {
  return a.session.localeCompare(b.session) || a.sequence - b.sequence;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
