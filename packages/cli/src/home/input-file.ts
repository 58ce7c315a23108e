// Reads a file that a person named, up to a stated size.
import { readFile, stat } from 'node:fs/promises';
import { HandrailError } from '@handrail/core/errors';

/** Throws `usage.invalid` for what is no file, `input.too-large`; a missing one says so itself. */
export async function readInputFile(path: string, bytesMax: number): Promise<Uint8Array> {
  const facts = await stat(path);
  if (!facts.isFile()) throw new HandrailError('usage.invalid', `${path} is no file: name a file.`);
  if (facts.size > bytesMax) {
    throw new HandrailError('input.too-large', `${path} is too large: at most ${bytesMax} bytes.`);
  }
  return new Uint8Array(await readFile(path));
}
