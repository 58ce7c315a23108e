// A short ring of masked frames in memory. An action is paired with the last one from before it
// began: grabbing on the event would show the result.
import sharp from 'sharp';
import type { MaskedFrame } from './frame-mask.ts';
import type { KeptFrame } from './kept-frame.ts';
import { fill, toRgb } from './pixels.ts';

const framesMax = 3;
/** Lossless keeps flat interfaces small and sharp; effort 0 costs least. */
const webp = { lossless: true, effort: 0 } as const;

sharp.concurrency(1);
sharp.cache(false);

interface RingFrame {
  readonly number: number;
  readonly frame: MaskedFrame;
  /** Monotonic ms of the first change after this frame, when there was one. */
  changedAtMs: number | undefined;
}

export class FrameRing {
  readonly #frames: RingFrame[] = [];
  #next = 0;

  add(frame: MaskedFrame): void {
    this.#frames.push({ number: this.#next++, frame, changedAtMs: undefined });
    if (this.#frames.length > framesMax) this.#frames.shift();
  }

  changed(atMs: number): void {
    for (const each of this.#frames) each.changedAtMs ??= atMs > each.frame.atMs ? atMs : undefined;
  }

  clear(): void {
    this.#frames.length = 0;
  }

  latest(): MaskedFrame | undefined {
    return this.#frames.at(-1)?.frame;
  }

  /** The newest frame that was complete before `atMs`. */
  before(atMs: number): { readonly number: number; encode(): Promise<KeptFrame> } | undefined {
    const found = this.#frames.findLast(({ frame }) => frame.atMs <= atMs);
    if (!found) return undefined;
    const pending = found.changedAtMs !== undefined && found.changedAtMs < atMs;
    return {
      number: found.number,
      encode: () => encodeFrame(found.frame, pending),
    };
  }
}

async function encodeFrame(frame: MaskedFrame, damagePending: boolean): Promise<KeptFrame> {
  const { atMs, displayEpoch, filled, fields, pixels } = frame;
  const areas = frame.view.map.allowedAreas();
  const { width, height } = pixels;
  const raw = { width, height, channels: 3 } as const;
  const image = await sharp(toRgb(pixels), { raw }).webp(webp).toBuffer();
  return { atMs, displayEpoch, width, height, damagePending, areas, filled, fields, image };
}

/** The same frame with more filled: for text that proved sensitive after it was shown. */
export async function fillLater(
  frame: KeptFrame,
  fieldIds: ReadonlySet<string>,
): Promise<KeptFrame> {
  const shown = frame.fields.filter((field) => fieldIds.has(field.fieldId));
  if (shown.length === 0) return frame;
  const { width, height } = frame;
  const { data, info } = await sharp(frame.image)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const pixels = { width: info.width, height: info.height, bgrx: new Uint8Array(data) };
  for (const { box } of shown) fill(pixels, box);
  const raw = { width, height, channels: 4 } as const;
  const image = await sharp(pixels.bgrx, { raw }).removeAlpha().webp(webp).toBuffer();
  const filled = [...frame.filled, ...shown.map(({ box }) => ({ box, reason: 'typed' }))];
  return { ...frame, filled, image };
}
