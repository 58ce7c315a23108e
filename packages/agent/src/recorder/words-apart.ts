// Loading the word lists leaves behind eight times what they take: a process does it that ends.
// Where it fails they are loaded here, when the first text is redacted.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { useWordBytes } from '@handrail/core/redact';

const program = fileURLToPath(new URL('./word-process.ts', import.meta.url));
const loadMillisecondsMax = 60_000;
const bytesMax = 8 * 1024 * 1024;

let loading: Promise<void> | undefined;

/** Resolves once texts can be redacted without loading anything more; never rejects. */
export function loadWordsApart(): Promise<void> {
  loading ??= load().catch(() => undefined);
  return loading;
}

async function load(): Promise<void> {
  const { stdout } = await promisify(execFile)(process.execPath, [program], {
    encoding: 'buffer',
    maxBuffer: bytesMax,
    timeout: loadMillisecondsMax,
    env: {},
  });
  useWordBytes(stdout);
}
