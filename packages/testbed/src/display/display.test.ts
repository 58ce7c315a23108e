import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeWith, desktopPrograms, missingPrograms } from '../require.ts';
import { startDisplay } from './display.ts';
import { waitFor } from './observed.ts';

describeWith(desktopPrograms, 'a staged display', () => {
  test('nothing of it outlives its disposal: no process, no file', async () => {
    const display = await startDisplay({ width: 800, height: 600, bus: true });
    await display.startApp('mousepad', []);
    const browser = await display.startChromium('about:blank');
    await display.xdotool('search', '--sync', '--onlyvisible', '--class', 'chromium');
    expect(processesOf(display.folder).length).toBeGreaterThan(6);
    await browser[Symbol.asyncDispose]();
    await display[Symbol.asyncDispose]();
    await waitFor('the last process to end', () => processesOf(display.folder).length === 0);
    expect(existsSync(display.folder)).toBe(false);
  });

  test('an application that is not there is named, and nothing of it starts', async () => {
    await using display = await startDisplay({ width: 640, height: 480, bus: false });
    const started = display.startApp('no-such-program', []);
    await expect(started).rejects.toMatchObject({ code: 'dependency.missing' });
    await expect(started).rejects.toThrow('Install the program no-such-program.');
  });

  test('what a failed program was told to type is not in its error', async () => {
    await using display = await startDisplay({ width: 640, height: 480, bus: false });
    const failed = await display.xdotool('no-such-command', 'hunter2').catch(String);
    expect(failed).toContain('xdotool failed');
    expect(failed).not.toContain('hunter2');
  });
});

test('missing programs are named and present ones are not', () => {
  expect(missingPrograms(['node', 'no-such-program', '/no/such/program'])).toEqual([
    'no-such-program',
    '/no/such/program',
  ]);
});

/** Processes whose environment names the folder, so that helpers of helpers count too. */
function processesOf(folder: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || pid === String(process.pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`=${folder}`);
    } catch {
      return false;
    }
  });
}
