// Masked frames wait in memory as runs of equal pixels: interfaces are flat, so that several frames
// take less than one screen, and no screen-sized garbage is made. Lossless, alpha left out.
import type { Pixels } from './pixels.ts';

export interface PackedPixels {
  readonly width: number;
  readonly height: number;
  /** A head word, length * 2 + 1 before one repeated pixel, length * 2 before that many pixels. */
  readonly words: Uint32Array;
}

const repeatsMin = 3;
const colourMask = 0xff_ffff;
const wordsAtFirst = 65_536;

/** Words are written here and copied out at their true length; grows to at most a screen. */
let room = new Uint32Array(wordsAtFirst);

export function pack({ width, height, bgrx }: Pixels): PackedPixels {
  const pixels = new Uint32Array(bgrx.buffer, bgrx.byteOffset, width * height);
  let size = 0;
  let from = 0;
  const plain = (to: number) => {
    if (to === from) return;
    size = reserve(size, to - from + 1);
    room[size++] = (to - from) * 2;
    room.set(pixels.subarray(from, to), size);
    size += to - from;
  };
  for (let at = 0; at < pixels.length; ) {
    const end = endOfRun(pixels, at);
    if (end - at >= repeatsMin) {
      plain(at);
      size = reserve(size, 2);
      room[size++] = (end - at) * 2 + 1;
      room[size++] = pixels[at] ?? 0;
      from = end;
    }
    at = end;
  }
  plain(pixels.length);
  return { width, height, words: room.slice(0, size) };
}

function endOfRun(pixels: Uint32Array, at: number): number {
  const pixel = (pixels[at] ?? 0) & colourMask;
  let end = at + 1;
  while (end < pixels.length && ((pixels[end] ?? 0) & colourMask) === pixel) end++;
  return end;
}

function reserve(size: number, more: number): number {
  if (size + more <= room.length) return size;
  const wider = new Uint32Array(Math.max(room.length * 2, size + more));
  wider.set(room);
  room = wider;
  return size;
}

/** Four bytes a pixel, red first and opaque, as encoders want them, into `target`. */
export function unpackRgba({ words }: PackedPixels, target: Uint32Array): void {
  let to = 0;
  for (let at = 0; at < words.length; ) {
    const head = words[at++] ?? 0;
    const length = head >>> 1;
    if (head & 1) {
      target.fill(rgba(words[at++] ?? 0), to, to + length);
      to += length;
    } else {
      for (const end = at + length; at < end; at++, to++) target[to] = rgba(words[at] ?? 0);
    }
  }
}

function rgba(bgrx: number): number {
  return ((bgrx & 0xff) << 16) | (bgrx & 0xff00) | ((bgrx >>> 16) & 0xff) | 0xff00_0000;
}
