import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const program = fileURLToPath(import.meta.resolve('handrail/main'));
const outputBytesMax = 64 * 1024 * 1024;

interface Said {
  readonly promises: readonly { readonly verdict: string }[];
}

function drill(): Promise<{ readonly code: number; readonly said: Said }> {
  const args = [program, 'drill', '--json'];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { maxBuffer: outputBytesMax }, (error, stdout) => {
      const code = typeof error?.code === 'number' ? error.code : 0;
      resolve({ code, said: JSON.parse(stdout.trim().split('\n').at(-1) ?? '') });
    });
  });
}

test('strangers who have everything read nothing, and every promise is kept', async () => {
  const { code, said } = await drill();
  expect(said.promises.map(({ verdict }) => verdict)).toEqual([
    ...['held', 'not claimed here', 'not claimed here', 'held', 'held'],
    ...['held', 'held', 'held', 'held'],
  ]);
  expect(code).toBe(0);
}, 400_000);
