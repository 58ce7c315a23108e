// Takes out what is drawn and not written: borders of fields, rules, frames of windows. Around text
// they make it look like a picture, and a picture is not read.
import type { Grey } from './grey.ts';

/** Dark pixels in one line, more than any stroke of a letter has on a screen. */
const strokePixelsMax = 40;
const darkMax = 190;

/** Paints long straight lines white, in place. */
export function unrule(picture: Grey): void {
  const { grey, width, height } = picture;
  const ruled = new Uint8Array(grey.length);
  for (let y = 0; y < height; y++) markRuns(picture, ruled, y * width, 1, width);
  for (let x = 0; x < width; x++) markRuns(picture, ruled, x, width, height);
  for (let at = 0; at < grey.length; at++) if (ruled[at] === 1) grey[at] = 255;
}

function markRuns(
  { grey }: Grey,
  ruled: Uint8Array,
  from: number,
  step: number,
  count: number,
): void {
  let run = 0;
  for (let nth = 0; nth <= count; nth++) {
    const at = from + nth * step;
    if (nth < count && (grey[at] ?? 255) <= darkMax) {
      run += 1;
      continue;
    }
    if (run > strokePixelsMax) {
      for (let back = 1; back <= run; back++) ruled[at - back * step] = 1;
    }
    run = 0;
  }
}
