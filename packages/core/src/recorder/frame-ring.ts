// A short ring of masked frames in memory. An action is paired with the last one from before it
// began: grabbing on the event would show the result.
import type { Picture } from '../frame-image/index.ts';
import { type FoundFrame, hasDrawing, type KeptFrame } from './kept-frame.ts';
import type { MaskedFrame } from './masked-frame.ts';

const framesMax = 3;

/** Gives the image of a picture; `before` is the picture of the frame kept before it. */
export type EncodeImage = (
  picture: Picture,
  before: Picture | undefined,
  isDrawn: boolean,
) => Promise<Uint8Array>;

interface RingFrame {
  readonly number: number;
  readonly frame: MaskedFrame;
  /** Monotonic ms of the first change after this frame, when there was one. */
  changedAtMs: number | undefined;
}

export class FrameRing {
  readonly #frames: RingFrame[] = [];
  readonly #encode: EncodeImage;
  #next = 0;

  constructor(encode: EncodeImage) {
    this.#encode = encode;
  }

  add(frame: MaskedFrame): void {
    this.#frames.push({ number: this.#next++, frame, changedAtMs: undefined });
    if (this.#frames.length > framesMax) this.#frames.shift();
  }

  changed(atMs: number): void {
    for (const each of this.#frames) each.changedAtMs ??= atMs > each.frame.atMs ? atMs : undefined;
  }

  /** Forgets the frames from before `atMs`. */
  dropBefore(atMs: number): void {
    const first = this.#frames.findIndex(({ frame }) => frame.atMs >= atMs);
    this.#frames.splice(0, first < 0 ? this.#frames.length : first);
  }

  latest(): MaskedFrame | undefined {
    return this.#frames.at(-1)?.frame;
  }

  /** The newest frame that was complete before `atMs`. */
  before(atMs: number): FoundFrame | undefined {
    const found = this.#frames.findLast(({ frame }) => frame.atMs <= atMs);
    if (!found) return undefined;
    const pending = found.changedAtMs !== undefined && found.changedAtMs < atMs;
    const { number, frame } = found;
    const encode = (before: Picture | undefined) =>
      encodeFrame(this.#encode, frame, pending, before);
    return { number, picture: frame.picture, encode };
  }
}

async function encodeFrame(
  encodeImage: EncodeImage,
  frame: MaskedFrame,
  damagePending: boolean,
  before: Picture | undefined,
): Promise<KeptFrame> {
  const { atMs, displayEpoch, filled, fields, picture } = frame;
  const areas = frame.view.map.allowedAreas();
  const { width, height } = picture;
  const image = await encodeImage(picture, before, hasDrawing(frame));
  const nodes = frame.view.nodes.filter((node) => !frame.view.drawnNodes.has(node));
  return { atMs, displayEpoch, width, height, damagePending, areas, filled, fields, nodes, image };
}
