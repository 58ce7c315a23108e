// A private desktop: X server, window manager, session bus and accessibility, with a home folder
// of its own. Nothing of it outlives its disposal, and nothing of the person's own desktop is used.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HandrailError } from '@handrail/core/errors';
import { type ChromiumOptions, chromiumArguments, chromiumEnvironment } from './chromium.ts';
import { programPath } from './config.ts';
import { type Environment, firstLine, type StagedProcess, startProcess } from './processes.ts';
import { runProgram, untilTrue } from './run-program.ts';

export interface DisplayOptions {
  readonly width: number;
  readonly height: number;
  /** Session bus and accessibility bus too. */
  readonly bus: boolean;
  /** Where the stage and its applications write; made when absent, removed with the stage. */
  readonly folder?: string;
}

export interface StagedDisplay extends AsyncDisposable {
  /** Such as `:7`. */
  readonly display: string;
  /** Address of the private session bus; empty without one. */
  readonly busAddress: string;
  /** What every application on this display is started with. */
  readonly env: Environment;
  /** All that the stage and its applications write lies here. */
  readonly folder: string;
  readonly serverPid: number;
  /** Starts an application; disposing it or the display ends it. */
  startApp(program: string, args: readonly string[], env?: Environment): Promise<StagedProcess>;
  /** Debian's Chromium, quiet, with a fresh profile and accessibility on. */
  startChromium(url: string, options?: ChromiumOptions): Promise<StagedProcess>;
  /** Runs one of the small X programs to its end and returns what it printed. */
  run(program: string, args: readonly string[]): Promise<string>;
  xdotool(...args: readonly string[]): Promise<string>;
}

/** Starts the desktop. Throws `dependency.missing` or `capture.unavailable`. */
export async function startDisplay(options: DisplayOptions): Promise<StagedDisplay> {
  const stack = new AsyncDisposableStack();
  try {
    const folder = await makeFolder(options.folder, stack);
    const server = await startServer(options, folder, stack);
    const env: Record<string, string> = { ...baseEnvironment(folder), DISPLAY: server.display };
    stack.use(await startProcess('openbox', [], { env }));
    await untilTrue('the window manager', () => hasWindowManager(env));
    if (options.bus) env.DBUS_SESSION_BUS_ADDRESS = await startBus(env, folder, stack);
    return stage(folder, server, env, stack);
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

function stage(
  folder: string,
  server: { readonly display: string; readonly pid: number },
  env: Environment,
  stack: AsyncDisposableStack,
): StagedDisplay {
  let profiles = 0;
  const run = (program: string, args: readonly string[]) => runProgram(program, args, env);
  const startApp = async (program: string, args: readonly string[], more?: Environment) =>
    stack.use(await startProcess(program, args, { env: { ...env, ...more }, cwd: folder }));
  return {
    display: server.display,
    serverPid: server.pid,
    busAddress: env.DBUS_SESSION_BUS_ADDRESS ?? '',
    env,
    folder,
    startApp,
    startChromium: async (url, chromium = {}) => {
      profiles += 1;
      const profile = join(folder, `chromium-${profiles}`);
      const args = chromiumArguments(profile, url, chromium);
      return startApp('chromium', args, chromiumEnvironment);
    },
    run,
    xdotool: (...args) => run('xdotool', args),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function makeFolder(given: string | undefined, stack: AsyncDisposableStack): Promise<string> {
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'handrail-display-')));
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  for (const name of ['home', 'runtime', 'tmp']) {
    await mkdir(join(folder, name), { recursive: true, mode: 0o700 });
  }
  return folder;
}

function baseEnvironment(folder: string): Environment {
  return {
    PATH: programPath(),
    HOME: join(folder, 'home'),
    XDG_RUNTIME_DIR: join(folder, 'runtime'),
    TMPDIR: join(folder, 'tmp'),
    LANG: 'C.UTF-8',
    // Without these GTK would look for a settings daemon and a file system of the real desktop.
    GSETTINGS_BACKEND: 'memory',
    GIO_USE_VFS: 'local',
  };
}

async function startServer(
  size: DisplayOptions,
  folder: string,
  stack: AsyncDisposableStack,
): Promise<{ readonly display: string; readonly pid: number }> {
  const screen = `${size.width}x${size.height}x24`;
  const server = stack.use(
    await startProcess(
      'Xvfb',
      ['-displayfd', '3', '-screen', '0', screen, '-nolisten', 'tcp', '-noreset', '-ac'],
      { env: baseEnvironment(folder), stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
    ),
  );
  const number = await firstLine(server, 3);
  if (!/^\d+$/.test(number)) {
    throw new HandrailError('capture.unavailable', 'The virtual X server gave no display number.');
  }
  return { display: `:${number}`, pid: server.pid };
}

async function hasWindowManager(env: Environment): Promise<boolean> {
  const answer = await runProgram('xprop', ['-root', '_NET_SUPPORTING_WM_CHECK'], env);
  return answer.includes('window id');
}

async function startBus(
  env: Environment,
  folder: string,
  stack: AsyncDisposableStack,
): Promise<string> {
  const listen = `unix:path=${join(folder, 'runtime', 'bus')}`;
  const bus = stack.use(
    await startProcess(
      'dbus-daemon',
      ['--session', '--nofork', '--nopidfile', '--print-address=1', `--address=${listen}`],
      { env, stdio: ['ignore', 'pipe', 'ignore'] },
    ),
  );
  const address = await firstLine(bus, 1);
  const busEnv = { ...env, DBUS_SESSION_BUS_ADDRESS: address };
  const launcher = '/usr/libexec/at-spi-bus-launcher';
  stack.use(await startProcess(launcher, ['--launch-immediately'], { env: busEnv }));
  await untilTrue('the accessibility bus', () => hasAccessibility(busEnv));
  return address;
}

async function hasAccessibility(env: Environment): Promise<boolean> {
  const bus = ['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/'];
  const owned = await runProgram(
    'dbus-send',
    [...bus, 'org.freedesktop.DBus.NameHasOwner', 'string:org.a11y.Bus'],
    env,
  );
  return owned.includes('boolean true');
}
