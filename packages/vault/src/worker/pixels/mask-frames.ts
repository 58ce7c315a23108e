// Fills frames and looks again: what goes on has been read once more, and nothing was found.
import type { OpenedFrame } from '@handrail/core/dataset';
import { HandrailError } from '@handrail/core/errors';
import { type Fill, paintable } from '@handrail/core/pixels';
import type { Frame } from '@handrail/core/segment';
import { decodeFrames, type FramePixels } from '../decode-frames.ts';
import { sha256Hex } from '../digest.ts';
import { blacken, decodeImage, encodeFrame } from '../images.ts';
import { FrameReader } from './frame-reader.ts';
import { blackBoxes, look } from './look.ts';
import { overInk } from './over-ink.ts';
import type { PixelReason, Redacting } from './redacting.ts';
import { allSolid } from './solid.ts';

const filledMax = 2000;
/** Looks at masked frames: what one finds is filled for the next, the last must find nothing. */
const looksMax = 4;

export async function maskFrames(
  frames: readonly Frame[],
  fills: readonly (readonly Fill[])[],
  how: Redacting,
): Promise<readonly OpenedFrame[] | PixelReason> {
  const masked: OpenedFrame[] = [];
  let reader = new FrameReader(how.engine, 'block');
  for (const pixels of decodeFrames(frames)) {
    const at = masked.length;
    const frame = frames[at];
    const done = frame && (await maskFrame(frame, pixels, fills[at] ?? [], reader));
    if (typeof done !== 'object') return done ?? 'image.broken';
    masked.push(done);
  }
  let open: readonly Open[] = await stillSeen(
    frames.map((_, at) => at),
    masked,
    reader,
    how,
  );
  for (let done = 1; done < looksMax && open.length > 0; done++) {
    reader = new FrameReader(how.engine, 'sparse');
    for (const { at, more } of open) {
      const frame = masked[at];
      const pixels = frame && (await decodeImage(frame.image, frame));
      const again = frame && pixels && (await maskFrame(frame, pixels, more, reader));
      if (typeof again !== 'object') return again ?? 'image.broken';
      masked[at] = again;
    }
    open = await stillSeen(
      open.map(({ at }) => at),
      masked,
      reader,
      how,
    );
  }
  return open.length > 0 && !how.isReleased ? 'pixels.survivor' : masked;
}

interface Open {
  readonly at: number;
  readonly more: readonly Fill[];
}

/** Which of the frames that `reader` was given still show something, and where. */
async function stillSeen(
  places: readonly number[],
  masked: readonly OpenedFrame[],
  reader: FrameReader,
  how: Redacting,
): Promise<readonly Open[]> {
  const frames = places.flatMap((at) => masked[at] ?? []);
  const { fills } = await look([], frames, reader, how, () => pixelsOf(frames));
  return places
    .map((at, nth) => ({ at, more: fills[nth] ?? [] }))
    .filter(({ more }) => more.length > 0);
}

async function* pixelsOf(frames: readonly OpenedFrame[]): AsyncGenerator<FramePixels, void> {
  for (const frame of frames) {
    const pixels = await decodeImage(frame.image, frame);
    if (pixels === undefined) throw new HandrailError('internal', 'A frame of ours is no picture.');
    yield pixels;
  }
}

/** The frame with all fills black, proven by its own pixels, and put up for reading. */
async function maskFrame(
  frame: Frame,
  pixels: FramePixels,
  more: readonly Fill[],
  reader: FrameReader,
): Promise<OpenedFrame | PixelReason> {
  const filled = [...frame.filled, ...filledBy(more, pixels)];
  if (filled.length > filledMax) return 'pixels.too-much';
  for (const box of blackBoxes(filled)) blacken(pixels, box);
  const image = await encodeFrame(pixels);
  const shown = await decodeImage(image, frame);
  if (shown === undefined || !allSolid(shown, blackBoxes(filled))) return 'pixels.survivor';
  await reader.add(shown);
  return { ...frame, filled, image, id: sha256Hex(image) };
}

function filledBy(fills: readonly Fill[], frame: FramePixels): Frame['filled'] {
  const boxes = new Map<string, Frame['filled'][number]>();
  for (const { box, class: reason } of fills) {
    const inside = paintable(overInk(frame, box), frame);
    if (inside) boxes.set(JSON.stringify(inside), { box: inside, reason });
  }
  return [...boxes.values()];
}
