import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const launcher = fileURLToPath(new URL('../bin/handrail.js', import.meta.url));
const shown = "process.on('exit',()=>console.error(process.execArgv.join(' '),process.pid))";

/** The exit code and what was said; `look` says at the end which options and process it was. */
function handrail(home: string, ...args: readonly string[]) {
  const look = `data:text/javascript,${encodeURIComponent(shown)}`;
  const words = ['--import', look, launcher, ...args, '--home', home];
  return new Promise<{ code: number; said: string; pid: number | undefined }>((resolve) => {
    const child = execFile(process.execPath, words, (error, _, said) => {
      resolve({ code: Number(error?.code ?? 0), said, pid: child.pid });
    });
  });
}

test('the agent starts anew with little memory, in the same process; others do not', async () => {
  const home = await mkdtemp(join(tmpdir(), 'lean-start-'));
  try {
    const key = await handrail(home, 'manifest', 'show');
    expect(key.said).not.toContain('--max-semi-space-size');
    expect(await readdir(home)).toEqual([]);
    for (let run = 0; run < 2; run++) {
      const agent = await handrail(home, 'agent', '--json');
      expect(agent.code).not.toBe(0);
      expect(agent.said).toContain('join');
      expect(agent.said).toMatch(new RegExp(`--max-semi-space-size=.* ${agent.pid}\\n`));
      expect(await readdir(home)).toEqual(['compiled']);
    }
  } finally {
    await rm(home, { recursive: true });
  }
});
