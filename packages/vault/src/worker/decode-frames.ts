// The pixels of a segment's frames. They come from a device and may be hostile: core's own reader
// decodes them, within limits, and no picture library sees them.
import { isExact, type Picture, readPicture, rgbOf } from '@handrail/core/frame-image';
import type { Frame } from '@handrail/core/segment';

export interface FramePixels {
  readonly width: number;
  readonly height: number;
  /** Three bytes a pixel: red, green, blue. */
  readonly pixels: Uint8Array;
  /** False where the device left out detail, as of photographs. */
  readonly isExact: boolean;
}

/** In order, one at a time. Throws `format.truncated`, `input.invalid` or `input.too-large`. */
export function* decodeFrames(frames: readonly Frame[]): Generator<FramePixels, void> {
  let before: Picture | undefined;
  for (const frame of frames) {
    const { width, height } = frame;
    before = readPicture(frame.image, { width, height }, before);
    yield { width, height, pixels: rgbOf(before), isExact: isExact(before) };
  }
}
