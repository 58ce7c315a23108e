// Reads the marks of a frame that was white before: what a watermark is worth is what can be read
// from it again.
import type { FramePixels } from './decode-frames.ts';
import { dotAt, glyphHeight, glyphWidth, letters } from './mark-letters.ts';
import {
  dotPixels,
  letterWidth,
  lineHeight,
  lineLettersMax,
  type MarkPlace,
  markPlaces,
} from './watermark.ts';

/** The lines of every mark that lies whole within the frame and is so many levels darker. */
export function readMark(frame: FramePixels, lines: number, levels = 28): string[][] {
  const dark = 255 - levels;
  const dot = dotPixels(frame.width);
  const blank = Array<string>(lines).fill('');
  const places = [...markPlaces({ lines: blank }, frame)].filter(({ x, y }) => {
    const isWide = x >= 0 && x + lineLettersMax * letterWidth * dot <= frame.width;
    return isWide && y + lines * lineHeight * dot <= frame.height;
  });
  return places.map((place) =>
    blank.map((_, at) => lineAt(frame, { x: place.x, y: place.y + at * lineHeight * dot }, dark)),
  );
}

function lineAt(frame: FramePixels, { x, y }: MarkPlace, dark: number): string {
  const step = letterWidth * dotPixels(frame.width);
  const read = Array.from({ length: lineLettersMax }, (_, at) => {
    return letterAt(frame, { x: x + at * step, y }, dark);
  });
  return read.join('').trimEnd();
}

function letterAt(frame: FramePixels, { x, y }: MarkPlace, dark: number): string {
  const dot = dotPixels(frame.width);
  const fits = (letter: string) => {
    for (let row = 0; row < glyphHeight; row++) {
      for (let column = 0; column < glyphWidth; column++) {
        const isSet = greenAt(frame, x + column * dot, y + row * dot) <= dark;
        if (isSet !== dotAt(letter, column, row)) return false;
      }
    }
    return true;
  };
  return letters.find(fits) ?? '?';
}

function greenAt({ pixels, width }: FramePixels, x: number, y: number): number {
  return pixels[(y * width + x) * 3 + 1] ?? 255;
}
