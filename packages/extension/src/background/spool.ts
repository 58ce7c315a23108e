// Sealed segments that wait in this browser, as ciphertext only, until they are handed in; and the
// list of those that will never come.
import {
  type Hole,
  type Holes,
  type SpoolNote,
  tellHole,
  type Waiting,
} from '@handrail/core/device';
import { HandrailError } from '@handrail/core/errors';
import type { ClientContext } from '@handrail/core/wire';
import type { Store } from '../device/store.ts';

const segmentsMax = 2_000;
const bytesMax = 256 * 1024 * 1024;

export class Spool implements Waiting, Holes {
  readonly #store: Store;
  readonly #notes = new Map<string, { readonly note: SpoolNote; readonly bytes: number }>();

  private constructor(store: Store) {
    this.#store = store;
  }

  static async open(store: Store): Promise<Spool> {
    const spool = new Spool(store);
    for (const { note, sealed } of await store.segments()) {
      spool.#notes.set(note.id, { note, bytes: sealed.length });
    }
    return spool;
  }

  /** Throws `storage.full` at the spool's limit. */
  async keep(note: SpoolNote, sealed: Uint8Array): Promise<void> {
    const bytes = [...this.#notes.values()].reduce((sum, each) => sum + each.bytes, sealed.length);
    if (bytes > bytesMax || this.#notes.size >= segmentsMax) {
      throw new HandrailError('storage.full', 'Too much waits: connect, so that it can be sent.');
    }
    await this.#store.put('segments', note.id, { note, sealed });
    this.#notes.set(note.id, { note, bytes: sealed.length });
  }

  /** Without a review window nothing is held back. */
  async release(): Promise<void> {}

  notes(): readonly SpoolNote[] {
    const notes = [...this.#notes.values()].map(({ note }) => note);
    return notes.sort((a, b) => a.fromMs - b.fromMs || a.sequence - b.sequence);
  }

  async due(id: string): Promise<Uint8Array | undefined> {
    return (await this.#store.segment(id))?.sealed;
  }

  async drop(id: string): Promise<void> {
    await this.#store.remove('segments', id);
    this.#notes.delete(id);
  }

  async add(session: string, sequences: readonly number[], ended: boolean): Promise<void> {
    const known = (await this.#store.holes()).find((hole) => hole.session === session);
    const all = [...new Set([...(known?.sequences ?? []), ...sequences])];
    const hole: Hole = { session, sequences: all, ended: ended || known?.ended === true };
    await this.#store.put('holes', session, hole);
  }

  /** Tells what will never come; that a session has ended only once nothing of it waits here. */
  async tellHoles(client: ClientContext): Promise<void> {
    for (const hole of await this.#store.holes()) {
      if (this.notes().some(({ session }) => session === hole.session)) continue;
      await tellHole(client, hole);
      await this.#store.remove('holes', hole.session);
    }
  }
}
