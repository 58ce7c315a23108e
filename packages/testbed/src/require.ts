// Tests that need programs of the machine run only where those are, and say what was missing. With
// HANDRAIL_TEST_REQUIRE=all a missing program is a failure instead.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, test } from 'vitest';

/** The programs of these that the search path does not have; absolute paths count as they are. */
export function missingPrograms(programs: readonly string[]): readonly string[] {
  return programs.filter((program) => !isInstalled(program));
}

/** `describe`, skipped by name when a program is missing, or failing where all are required. */
export function describeWith(programs: readonly string[], name: string, body: () => void): void {
  const missing = missingPrograms(programs);
  if (missing.length === 0) {
    describe(name, body);
    return;
  }
  const reason = `${name} (missing: ${missing.join(', ')})`;
  if (process.env.HANDRAIL_TEST_REQUIRE !== 'all') {
    describe.skip(reason, body);
    return;
  }
  test(reason, () => {
    throw new Error(`Install ${missing.join(', ')}: this run requires every program.`);
  });
}

function isInstalled(program: string): boolean {
  const folders = program.startsWith('/') ? [''] : (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => {
    try {
      accessSync(folder === '' ? program : join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const accessibility = ['dbus-daemon', 'dbus-send', '/usr/libexec/at-spi-bus-launcher'] as const;
export const displayPrograms = ['Xvfb', 'openbox', 'xdotool', 'xprop', 'xsetroot'] as const;
export const desktopPrograms = [...displayPrograms, ...accessibility, 'chromium', 'mousepad'];
