// Reads the frames of a session one after the other. Only what changed since the frame before is
// read; words elsewhere are those that were read when they appeared.
import type { Box } from '@handrail/core/events';
import type { ReadWord } from '@handrail/core/pixels';
import type { FramePixels } from '../decode-frames.ts';
import type { Layout, OcrEngine, Page } from '../ocr/engine.ts';
import { type ChangedTiles, changedTiles, regionsOf, touchesChange } from './changed-regions.ts';
import { prepared } from './prepare.ts';
import { type TurnedPart, turnedBack } from './turned.ts';

/** Pages that go to one process together: starting one costs as much as reading ten lines. */
const batchPagesMax = 48;
const batchBytesMax = 24 * 1024 * 1024;
/** Batches that are being read; more would only fill memory. */
const batchesAtOnce = 2;

interface Region {
  readonly box: Box;
  /** The part of it that was read turned. */
  readonly part?: TurnedPart;
  readonly scale: number;
  readonly words: Promise<readonly ReadWord[]>;
}

interface Looked {
  readonly changed: ChangedTiles;
  readonly regions: readonly Region[];
}

interface Batch {
  readonly pages: Page[];
  readonly done: PromiseWithResolvers<readonly (readonly ReadWord[])[]>;
  bytes: number;
}

export class FrameReader {
  readonly #engine: OcrEngine;
  readonly #layout: Layout;
  readonly #looked: Looked[] = [];
  readonly #running: Promise<unknown>[] = [];
  #before: FramePixels | undefined;
  #batch: Batch | undefined;

  constructor(engine: OcrEngine, layout: Layout) {
    this.#engine = engine;
    this.#layout = layout;
  }

  /** Takes the next frame; its pixels must not change afterwards. Throws what the engine throws. */
  async add(frame: FramePixels): Promise<void> {
    const changed = changedTiles(this.#before, frame);
    const regions: Region[] = [];
    for (const box of regionsOf(changed, frame)) {
      const ready = await prepared(frame, box);
      if (!ready) continue;
      regions.push({ box, scale: ready.scale, ...(await this.#queued(ready.page)) });
      for (const part of ready.turned) {
        regions.push({ box, part, scale: ready.scale, ...(await this.#queued(part.page)) });
      }
    }
    this.#before = frame;
    this.#looked.push({ changed, regions });
  }

  /** The words of every frame so far, in order. */
  async words(): Promise<(readonly ReadWord[])[]> {
    this.#send();
    await Promise.all(this.#running);
    const frames: (readonly ReadWord[])[] = [];
    for (const { changed, regions } of this.#looked) {
      const fresh = (await Promise.all(regions.map(wordsOfRegion)))
        .flat()
        .filter(({ box }) => touchesChange(changed, box));
      const kept = (frames.at(-1) ?? []).filter(({ box }) => !touchesChange(changed, box));
      frames.push(
        fresh.length === 0 && kept.length === frames.at(-1)?.length ? kept : [...kept, ...fresh],
      );
    }
    return frames;
  }

  /** Resolves once there is room for the page; its words come later. */
  async #queued(page: Page): Promise<Pick<Region, 'words'>> {
    const full = this.#batch && this.#batch.bytes + page.grey.length > batchBytesMax;
    if (full || (this.#batch?.pages.length ?? 0) >= batchPagesMax) this.#send();
    while (this.#running.length >= batchesAtOnce) await Promise.race(this.#running);
    this.#batch ??= { pages: [], done: Promise.withResolvers(), bytes: 0 };
    const { pages, done } = this.#batch;
    const nth = pages.push(page) - 1;
    this.#batch.bytes += page.grey.length;
    const words = done.promise.then((read) => read[nth] ?? []);
    words.catch(() => undefined);
    return { words };
  }

  #send(): void {
    const batch = this.#batch;
    this.#batch = undefined;
    if (!batch) return;
    const reading = this.#engine.read(batch.pages, this.#layout);
    reading.then(batch.done.resolve, batch.done.reject);
    const ended = reading
      .catch(() => undefined)
      .finally(() => this.#running.splice(this.#running.indexOf(ended), 1));
    this.#running.push(ended);
  }
}

async function wordsOfRegion({ box, part, scale, words }: Region): Promise<ReadWord[]> {
  return (await words).map((word) => {
    const local = part === undefined ? shrunk(word, scale) : turnedBack(word, part, scale);
    return { ...local, box: { ...local.box, x: box.x + local.box.x, y: box.y + local.box.y } };
  });
}

function shrunk(word: ReadWord, scale: number): ReadWord {
  const [x, y] = [Math.floor(word.box.x / scale), Math.floor(word.box.y / scale)];
  const width = Math.ceil((word.box.x + word.box.width) / scale) - x;
  const height = Math.ceil((word.box.y + word.box.height) / scale) - y;
  return { ...word, box: { x, y, width, height } };
}
