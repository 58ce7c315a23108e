// The only place where the command line reads its environment.
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

const environment = process.env;

/** The folder of a person's device and keys: `--home`, else HANDRAIL_HOME, else ~/.handrail. */
export function homeFolder(option: string | undefined): string {
  return resolve(option ?? (environment.HANDRAIL_HOME || join(homedir(), '.handrail')));
}

/** Where `up` keeps the organisation's data unless told otherwise. */
export function defaultDataFolder(): string {
  return join(homedir(), '.handrail', 'organisation');
}

/** The desktop that this process was started on, as far as the environment says. */
export function desktop() {
  const { DISPLAY, DBUS_SESSION_BUS_ADDRESS, DBUS_SYSTEM_BUS_ADDRESS } = environment;
  const { XDG_SESSION_TYPE, WAYLAND_DISPLAY, PATH } = environment;
  return {
    display: DISPLAY || undefined,
    sessionBus: DBUS_SESSION_BUS_ADDRESS || undefined,
    systemBus: DBUS_SYSTEM_BUS_ADDRESS || 'unix:path=/run/dbus/system_bus_socket',
    wayland: XDG_SESSION_TYPE === 'wayland' || Boolean(WAYLAND_DISPLAY),
    programFolders: (PATH ?? '').split(':').filter(Boolean),
  };
}

/** What child processes of `up` are given: the machine's settings and compiled code, no secrets. */
export function childEnvironment(): Readonly<Record<string, string>> {
  const machine = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'TESSDATA_PREFIX'];
  const kept = [...machine, 'NODE_COMPILE_CACHE'];
  return Object.fromEntries(
    kept.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
