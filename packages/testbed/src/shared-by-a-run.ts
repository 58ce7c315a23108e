// What the test files of one run share: a folder for what is made once, and is gone after the run.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preparedVariable } from './prepared-database.ts';

export async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'handrail-run-'));
  process.env[preparedVariable] = folder;
  // Most of a short command's time is reading and compiling what the one before it compiled.
  process.env.NODE_COMPILE_CACHE ??= join(folder, 'compiled');
  return () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
