// Readings that a page holds open: chunks are fetched when they are first looked at, opened here,
// and forgotten with the reading.
import type { ReadingChunk } from '@handrail/core/dataset';
import { HandrailError } from '@handrail/core/errors';
import { idOf } from '@handrail/core/ids';
import { randomBytes } from '@handrail/core/seal';
import type { ReadingSubject } from '@handrail/core/statement';
import { type Reader, readChunks } from '../../home/reading.ts';
import { recordingRows } from './recording-rows.ts';

const readingsMax = 8;

interface Held {
  readonly chunks: ReturnType<typeof readChunks>;
  /** Undefined where no picture could be made out. */
  readonly images: (Uint8Array | undefined)[];
  /** One chunk after the other. */
  last: Promise<unknown>;
}

export class OpenReadings implements AsyncDisposable {
  readonly #held = new Map<string, Held>();

  async open(reader: Reader, subject: ReadingSubject) {
    if (this.#held.size >= readingsMax) {
      throw new HandrailError('rate.limited', 'Close a reading before you open another.');
    }
    const chunks = readChunks(reader, subject);
    const first = await chunks.next();
    const page = first.value && pageOf(first.value);
    if (page === undefined) throw new HandrailError('format.unknown', 'There is nothing in it.');
    const images = [first.value?.image];
    const id = idOf('ses', randomBytes(32));
    this.#held.set(id, { chunks, images, last: Promise.resolve() });
    return { id, ...page };
  }

  /** Throws `not.found`. */
  async image(id: string, place: number): Promise<Uint8Array> {
    const held = this.#held.get(id);
    if (held === undefined) throw notFound();
    const upTo = async () => {
      while (held.images.length <= place) {
        const { value, done } = await held.chunks.next();
        if (done) return;
        held.images.push(value.image);
      }
    };
    const turn = held.last.then(upTo);
    held.last = turn.catch(() => undefined);
    await turn;
    const image = held.images[place];
    if (image === undefined) throw notFound();
    return image;
  }

  async close(id: string): Promise<void> {
    const held = this.#held.get(id);
    this.#held.delete(id);
    await held?.chunks.return();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#held.keys()].map((id) => this.close(id)));
  }
}

/** What the page shows beside the pictures. */
function pageOf({ facts, segment }: ReadingChunk) {
  if (segment !== undefined) return recordingRows(segment);
  if (facts === undefined) return undefined;
  const { instruction, actions, frames } = facts;
  return { instruction, actions, frames };
}

function notFound(): HandrailError {
  return new HandrailError('not.found', 'There is no such thing here.');
}
