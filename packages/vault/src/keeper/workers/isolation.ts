// What keeps a worker in: no environment, no right to read anything but code, bounded memory, no
// network and no root where the operating system allows. Probed once; what holds is said in a line.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** How a worker is started: a program with its arguments before Node's own. */
export interface Isolation {
  readonly command: readonly string[];
  readonly nodeFlags: readonly string[];
  /** For people, such as `permissions, no network, no root`. */
  readonly says: string;
}

const nobodyId = 65_534;
const probeMsMax = 10_000;

interface Layer {
  readonly says: string;
  readonly command: readonly string[];
}

const withoutNetwork = { says: 'no network', root: ['unshare', '--net', '--'] } as const;
const withoutRoot = {
  says: 'no root',
  command: [
    'setpriv',
    ...[`--reuid=${nobodyId}`, `--regid=${nobodyId}`, '--clear-groups', '--no-new-privs', '--'],
  ],
} as const;

export interface MemoryBounds {
  /** Of JavaScript's heap. */
  readonly heapMib: number;
  /** Of all memory that the process may write to: heap, buffers, decoded images. */
  readonly dataMib: number;
}

/** The strictest way of starting `entry` that works here. */
export async function probeIsolation(entry: string, bounds: MemoryBounds): Promise<Isolation> {
  const nodeFlags = [
    `--max-old-space-size=${bounds.heapMib}`,
    ...['--permission', '--allow-addons', '--allow-worker'],
    ...codeFolders(entry).map((folder) => `--allow-fs-read=${folder}`),
    '--no-warnings',
  ];
  for (const layers of combinations(process.getuid?.() === 0, bounded(bounds))) {
    const command = layers.flatMap((layer) => layer.command);
    if (!(await starts(entry, [...command, process.execPath, ...nodeFlags]))) continue;
    const says = ['permissions', 'no environment', ...layers.map((layer) => layer.says)];
    return { command, nodeFlags, says: says.join(', ') };
  }
  return { command: [], nodeFlags, says: 'permissions, no environment' };
}

/** Nor may it leave a file or a dump of its memory, even where its permissions have a hole. */
function bounded({ dataMib }: MemoryBounds): Layer {
  const bytes = dataMib * 1024 * 1024;
  return {
    says: 'bounded memory',
    command: ['prlimit', `--data=${bytes}`, '--core=0', '--fsize=0', '--'],
  };
}

/** The strictest first. Leaving the network comes before leaving root, which it needs. */
function combinations(isRoot: boolean, memory: Layer): readonly (readonly Layer[])[] {
  const walls = wallsOf(isRoot);
  return [...walls.map((layers) => [memory, ...layers]), ...walls];
}

function wallsOf(isRoot: boolean): readonly (readonly Layer[])[] {
  const ownNetwork = { says: withoutNetwork.says, command: [...withoutNetwork.root] };
  const userNetwork = {
    says: withoutNetwork.says,
    command: ['unshare', '--net', '--map-current-user', '--'],
  };
  if (!isRoot) return [[userNetwork], []];
  return [[ownNetwork, withoutRoot], [withoutRoot], [ownNetwork], []];
}

/** This package, core, and every node_modules above them: code, and nothing that was captured. */
function codeFolders(entry: string): readonly string[] {
  const folders = new Set([dirname(entry)]);
  for (let at = dirname(entry); at !== dirname(at); at = dirname(at)) {
    if (existsSync(join(at, 'node_modules'))) folders.add(join(at, 'node_modules'));
    if (existsSync(join(at, 'package.json'))) folders.add(at);
    if (existsSync(join(at, 'packages'))) {
      folders.delete(at);
      folders.add(join(at, 'package.json'));
      folders.add(join(at, 'packages', 'core'));
    }
  }
  return [...folders];
}

/** True when Node starts this way, can read `entry`, and cannot read what it must not. */
function starts(entry: string, command: readonly string[]): Promise<boolean> {
  const [program = '', ...args] = command;
  const script = `require('node:fs').accessSync(${JSON.stringify(entry)});`;
  const child = spawn(program, [...args, '--eval', script], {
    env: {},
    stdio: 'ignore',
    timeout: probeMsMax,
  });
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}
