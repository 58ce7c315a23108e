// Reads a recording of another tool, and the size of its screen from the file beside it.
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { logBytesMax, type Screen } from '@handrail/core/import';
import { z } from 'zod';
import { readInputFile } from './input-file.ts';

const metadataBytesMax = 1024 * 1024;
const side = z.int().min(1).max(100_000);
const metadataSchema = z.object({ screen_width: side, screen_height: side });

export interface Recording {
  readonly bytes: Uint8Array;
  /** Undefined where no `metadata.json` beside the file says it. */
  readonly screen: Screen | undefined;
}

/** Throws as `readInputFile` does, above the limit of a log. */
export async function readRecording(path: string): Promise<Recording> {
  const bytes = await readInputFile(path, logBytesMax);
  return { bytes, screen: await screenBeside(path) };
}

async function screenBeside(path: string): Promise<Screen | undefined> {
  const metadata = join(dirname(path), 'metadata.json');
  const size = await stat(metadata).then(
    (facts) => facts.size,
    () => Number.POSITIVE_INFINITY,
  );
  if (size > metadataBytesMax) return undefined;
  const parsed = metadataSchema.safeParse(jsonOf(await readFile(metadata, 'utf8')));
  if (!parsed.success) return undefined;
  return { width: parsed.data.screen_width, height: parsed.data.screen_height };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
