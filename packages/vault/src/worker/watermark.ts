// Burns into a frame who reads it, by what grant and since when: over and over, across the whole
// picture, so that no part of it that shows something can be cut out unmarked.
import type { FramePixels } from './decode-frames.ts';
import { dotAt, glyphHeight, glyphWidth } from './mark-letters.ts';

export interface Mark {
  /** Small letters, digits, `_`, `-`, `:` and spaces. */
  readonly lines: readonly string[];
  /** `strong` for grantees; `faint` for owners, who look at what is theirs: black stays black. */
  readonly strength: 'strong' | 'faint';
}

const levels = { strong: 56, faint: 10 } as const;
/** One more dot for every so many pixels of width, so that large frames show it as well. */
const pixelsPerDot = 960;
export const lineHeight = glyphHeight + 3;
export const letterWidth = glyphWidth + 1;
/** As long as the longest id. */
export const lineLettersMax = 32;
/** Dots between one mark and the next. */
const gap = { x: 24, y: 28 } as const;

export interface MarkPlace {
  readonly x: number;
  readonly y: number;
}

export function dotPixels(width: number): number {
  return 1 + Math.floor(width / pixelsPerDot);
}

/** Where the marks' upper left corners lie; every other row is shifted by half a mark. */
export function* markPlaces(
  { lines }: Pick<Mark, 'lines'>,
  { width, height }: { readonly width: number; readonly height: number },
): Generator<MarkPlace> {
  const dot = dotPixels(width);
  const across = (lineLettersMax * letterWidth + gap.x) * dot;
  const down = (lines.length * lineHeight + gap.y) * dot;
  for (let row = 0, y = dot; y < height; row++, y += down) {
    const shift = row % 2 === 0 ? 0 : Math.floor(across / 2);
    for (let x = dot - shift; x < width; x += across) yield { x, y };
  }
}

/** Changes the pixels in place. */
export function burn(frame: FramePixels, mark: Mark): void {
  const dot = dotPixels(frame.width);
  for (const place of markPlaces(mark, frame)) {
    for (const [at, line] of mark.lines.entries()) {
      drawLine(
        frame,
        line.slice(0, lineLettersMax),
        { x: place.x, y: place.y + at * lineHeight * dot },
        mark.strength,
      );
    }
  }
}

function drawLine(
  frame: FramePixels,
  line: string,
  { x, y }: MarkPlace,
  strength: Mark['strength'],
): void {
  const dot = dotPixels(frame.width);
  for (const [at, letter] of [...line].entries()) {
    for (let row = 0; row < glyphHeight; row++) {
      for (let column = 0; column < glyphWidth; column++) {
        if (!dotAt(letter, column, row)) continue;
        const left = x + (at * letterWidth + column) * dot;
        drawDot(frame, { x: left, y: y + row * dot }, dot, strength);
      }
    }
  }
}

function drawDot(
  { pixels, width, height }: FramePixels,
  { x, y }: MarkPlace,
  dot: number,
  strength: Mark['strength'],
): void {
  for (let py = Math.max(0, y); py < Math.min(height, y + dot); py++) {
    for (let px = Math.max(0, x); px < Math.min(width, x + dot); px++) {
      shade(pixels, (py * width + px) * 3, strength);
    }
  }
}

/** Lighter where it is dark and darker where it is light, so that it is seen on anything. */
function shade(pixels: Uint8Array, at: number, strength: Mark['strength']): void {
  const [red = 0, green = 0, blue = 0] = pixels.subarray(at, at + 3);
  if (strength === 'faint' && red + green + blue === 0) return;
  const change = red + green + blue < 384 ? levels[strength] : -levels[strength];
  for (const [channel, value] of [red, green, blue].entries()) {
    pixels[at + channel] = Math.max(0, Math.min(255, value + change));
  }
}
