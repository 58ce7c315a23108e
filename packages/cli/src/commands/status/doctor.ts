// `doctor`: looks at what recording needs on this machine, and says what to do about what is
// missing.
import { constants } from 'node:fs';
import { access, chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { desktop } from '../../config.ts';
import { writeOwnerFile } from '../../home/owner-file.ts';
import type { Session } from '../../session.ts';
import { chromiumLauncher, chromiumNames } from './chromium-launcher.ts';
import type { DoctorOptions } from './command.ts';

export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  /** False: only something beside recording needs it. */
  readonly needed: boolean;
  readonly detail: string;
}

const nodeMin = 24;
const launcherMode = 0o700;
const readingAdvice =
  'install tesseract-ocr where the vault runs: else frames are read slowly, or go into quarantine';
const busLauncher = '/usr/libexec/at-spi-bus-launcher';

export async function run({ out }: Session, options: DoctorOptions): Promise<number> {
  const findings = await examine();
  const ok = findings.every((finding) => finding.ok || !finding.needed);
  const launcher = options.launcher && (await writeLauncher(options.launcher));
  const lines = findings.map(({ name, ok: good, needed, detail }) => {
    return `${good ? 'ok     ' : needed ? 'MISSING' : 'absent '} ${name}: ${detail}`;
  });
  out.print({ ok, checks: findings, ...(launcher ? { launcher } : {}) }, [
    ...lines,
    launcher
      ? `Start Chromium with ${launcher}, so that fields and addresses are known.`
      : 'Chromium needs its accessibility on: handrail doctor --launcher FILE writes a starter.',
  ]);
  return ok ? 0 : 1;
}

async function examine(): Promise<readonly Finding[]> {
  const { display, sessionBus, wayland, programFolders } = desktop();
  const find = (names: readonly string[]) => firstProgram(names, programFolders);
  const version = process.versions.node;
  const chromium = await find(chromiumNames);
  return [
    finding('node', Number.parseInt(version, 10) >= nodeMin, true, version, 'run npm ci'),
    finding(
      'display',
      display !== undefined,
      true,
      display,
      'start from a desktop, or name --display',
    ),
    finding('x11', !wayland, true, 'X11', 'log in to an X11 session: Wayland is not recorded yet'),
    finding('session bus', sessionBus !== undefined, true, 'there', 'start from a desktop session'),
    finding('accessibility', await exists(busLauncher), true, busLauncher, 'install at-spi2-core'),
    finding('chromium', chromium !== undefined, false, chromium, 'install chromium to record it'),
    await program('xdotool', 'install xdotool to replay', find),
    await program('age', 'install age to open exports', find),
    await program('tesseract', readingAdvice, find),
    await program('flock', 'install util-linux where the server runs', find),
  ];
}

async function program(
  name: string,
  advice: string,
  find: (names: readonly string[]) => Promise<string | undefined>,
): Promise<Finding> {
  const path = await find([name]);
  return finding(name, path !== undefined, false, path, advice);
}

function finding(
  name: string,
  ok: boolean,
  needed: boolean,
  there: string | undefined,
  advice: string,
): Finding {
  return { name, ok, needed, detail: ok ? (there ?? 'there') : advice };
}

async function firstProgram(
  names: readonly string[],
  folders: readonly string[],
): Promise<string | undefined> {
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name);
      if (await exists(path, constants.X_OK)) return path;
    }
  }
  return undefined;
}

async function exists(path: string, mode = constants.F_OK): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

async function writeLauncher(path: string): Promise<string> {
  const whole = await writeOwnerFile(path, chromiumLauncher);
  await chmod(whole, launcherMode);
  return whole;
}
