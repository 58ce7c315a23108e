// Frames as pixels and as what can be read in them. Decoding and reading are done by programs that
// have nothing to do with how the frames were made.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { HandrailError } from '@handrail/core/errors';
import type { Rectangle } from '../../desk/page-state.ts';
import { programPath } from '../../stage/config.ts';

const outputBytesMax = 256 * 1024 * 1024;
const pictureMsMax = 60_000;
/** Lossy pictures are not quite even. */
const evenTolerance = 10;

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** RGB, three bytes each. */
  readonly rgb: Buffer;
}

export async function pixelsOf(picture: Buffer): Promise<Pixels> {
  const ppm = await piped(
    'ffmpeg',
    [...quiet, '-i', '-', '-f', 'image2pipe', '-c:v', 'ppm', '-'],
    picture,
  );
  const [head, width, height] =
    /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(ppm.toString('latin1', 0, 40)) ?? [];
  if (head === undefined) throw new HandrailError('internal', 'A picture cannot be decoded.');
  return { width: Number(width), height: Number(height), rgb: ppm.subarray(head.length) };
}

/** What can be read in a picture, or in a part of it, drawn `times` as large. */
export async function readText(pixels: Pixels, times: 1 | 2, part?: Rectangle): Promise<string> {
  const { width, height, rgb } = pixels;
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`];
  const crop = part ? `crop=${part.width}:${part.height}:${part.x}:${part.y},` : '';
  const filter = `${crop}scale=iw*${times}:ih*${times}:flags=lanczos,format=gray`;
  const png = await piped('ffmpeg', [...quiet, ...raw, '-i', '-', '-vf', filter, ...asPng], rgb);
  return (await piped('tesseract', ['-', '-', '--psm', '11'], png)).toString('utf8');
}

/** True when all pixels of an area are one colour. */
export function isEven({ width, height, rgb }: Pixels, area: Rectangle): boolean {
  const right = Math.min(area.x + area.width, width);
  const bottom = Math.min(area.y + area.height, height);
  const first = 3 * (area.y * width + area.x);
  for (let y = area.y; y < bottom; y += 1) {
    for (let at = 3 * (y * width + area.x); at < 3 * (y * width + right); at += 1) {
      const off = (rgb[at] ?? 0) - (rgb[first + ((at - first) % 3)] ?? 0);
      if (Math.abs(off) > evenTolerance) return false;
    }
  }
  return true;
}

const quiet = ['-loglevel', 'error', '-threads', '1'] as const;
const asPng = ['-f', 'image2pipe', '-c:v', 'png', '-compression_level', '1', '-'] as const;

async function piped(program: string, args: readonly string[], input: Buffer): Promise<Buffer> {
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: programPath(), OMP_THREAD_LIMIT: '1' },
    timeout: pictureMsMax,
  });
  const chunks: Buffer[] = [];
  let size = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= outputBytesMax) chunks.push(chunk);
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [code] = await once(child, 'close').catch((cause: unknown) => {
    throw new HandrailError('dependency.missing', `Install the program ${program}.`, { cause });
  });
  if (code !== 0) throw new HandrailError('internal', `The program ${program} failed.`);
  return Buffer.concat(chunks);
}
