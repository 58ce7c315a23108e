// Screens made for tests and benches: texts at known places on grounds of any colour, drawn afresh
// each time. Where a text stands is found by drawing the screen with and without it.
import { deflateRawSync } from 'node:zlib';
import type { Box } from '@handrail/core/events';
import { tileRows, writePicture } from '@handrail/core/frame-image';
import sharp from 'sharp';

export interface ScreenText {
  readonly x: number;
  /** The baseline. */
  readonly y: number;
  readonly text: string;
  /** Pixels. */
  readonly size: number;
  readonly ink?: string;
  readonly font?: string;
  /** Degrees clockwise around its beginning. */
  readonly turn?: number;
}

export interface ScreenPatch extends Box {
  readonly fill: string;
  readonly edge?: string;
}

export interface Screen {
  readonly width: number;
  readonly height: number;
  readonly paper: string;
  readonly patches: readonly ScreenPatch[];
  readonly texts: readonly ScreenText[];
}

const proportional = 'DejaVu Sans';

/** The screen as a device writes it, as the first frame of a segment. */
export async function drawn(screen: Screen): Promise<Uint8Array> {
  const { width, height } = screen;
  const rgb = await rawOf(screen);
  const pixels = Uint32Array.from({ length: width * height }, (_, at) => {
    return ((rgb[at * 3] ?? 0) << 16) | ((rgb[at * 3 + 1] ?? 0) << 8) | (rgb[at * 3 + 2] ?? 0);
  });
  return deflateRawSync(
    writePicture({ width, height, tiles: tileRows({ width, height, pixels }) }),
  );
}

/** The pixels that text number `nth` draws on; undefined where it draws nothing. */
export async function placeOf(screen: Screen, nth: number): Promise<Box | undefined> {
  const without = { ...screen, texts: screen.texts.filter((_, at) => at !== nth) };
  const [shown, gone] = await Promise.all([rawOf(screen), rawOf(without)]);
  let [left, top, right, bottom] = [screen.width, screen.height, -1, -1];
  for (let at = 0; at < shown.length; at++) {
    if (shown[at] === gone[at]) continue;
    const x = Math.floor(at / 3) % screen.width;
    const y = Math.floor(at / 3 / screen.width);
    [left, top] = [Math.min(left, x), Math.min(top, y)];
    [right, bottom] = [Math.max(right, x), Math.max(bottom, y)];
  }
  if (right < 0) return undefined;
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

async function rawOf(screen: Screen): Promise<Uint8Array> {
  return sharp(Buffer.from(svgOf(screen)))
    .removeAlpha()
    .raw()
    .toBuffer();
}

function svgOf({ width, height, paper, patches, texts }: Screen): string {
  const shapes = patches.map(({ x, y, width: w, height: h, fill, edge }) => {
    const stroke = edge === undefined ? '' : ` stroke="${edge}"`;
    return `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${fill}"${stroke}/>`;
  });
  const letters = texts.map(({ x, y, text, size, ink = '#000', font = proportional, turn = 0 }) => {
    const place = turn === 0 ? '' : ` transform="rotate(${turn} ${x} ${y})"`;
    const look = `font-family="${font}" font-size="${size}" fill="${ink}"`;
    return `<text xml:space="preserve" x="${x}" y="${y}" ${look}${place}>${escaped(text)}</text>`;
  });
  const size = `width="${width}" height="${height}"`;
  const ground = `<rect ${size} fill="${paper}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${ground}${shapes.join('')}${letters.join('')}</svg>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
