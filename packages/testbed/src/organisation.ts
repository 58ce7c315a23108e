// The one-machine organisation as people start it: `handrail up` in a process of its own, with its
// server, vault and witness, and the command line to speak to it.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { CaptureContext } from '@handrail/core/statement';

const program = fileURLToPath(import.meta.resolve('handrail/main'));

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Organisation extends AsyncDisposable {
  readonly url: string;
  readonly invite: string;
  readonly stewardHome: string;
  readonly officerHome: string;
  readonly researcherHome: string;
  readonly commanderHome: string;
  readonly proberHome: string;
  readonly vaultHome: string;
  /** Everything that it wrote lies below this folder. */
  readonly folder: string;
  readonly pid: number;
  /** A fresh folder below it, for a home or a file. */
  path(name: string): string;
  /** Runs `handrail ARGS --json` and gives its JSON; rejects with its error line. */
  handrail(home: string, ...args: readonly string[]): Promise<Record<string, unknown>>;
  run(...args: readonly string[]): Promise<Ran>;
  /** Every byte of every file below `folder`, by its path there. */
  everyFile(): Promise<ReadonlyMap<string, Buffer>>;
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

/** `more` are further options of `up`, such as `--database URL`. */
export function startOrganisation(...more: readonly string[]): Promise<Organisation> {
  return startFrom(program, more);
}

/** Started by the launcher of a changed build; whoever speaks to it runs this checkout. */
export function startChangedOrganisation(launcher: string): Promise<Organisation> {
  return startFrom(launcher, []);
}

async function startFrom(launcher: string, more: readonly string[]): Promise<Organisation> {
  const folder = await mkdtemp(join(tmpdir(), 'handrail-organisation-'));
  const data = join(folder, 'data');
  const args = [launcher, 'up', '--data', data, '--k', '1', '--json', ...more];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const first = await firstLine(child);
  const stop = (signal: 'SIGTERM' | 'SIGKILL') => ended(child, signal);
  const run = (...args: readonly string[]) => runToEnd(args);
  return {
    ...first,
    folder,
    pid: child.pid ?? 0,
    path: (name) => join(folder, name),
    run,
    handrail: async (home, ...args) => {
      const ran = await run(...args, '--home', home, '--json');
      if (ran.code !== 0) throw new Error(`handrail ${args[0]}: ${ran.stderr.trim()}`);
      return JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? '{}');
    },
    everyFile: () => everyFile(folder),
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop('SIGTERM');
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A participant with a recording of their own, imported, in which they typed `words`. */
export async function joinAndImport(
  organisation: Organisation,
  name: string,
  words: string,
): Promise<string> {
  const home = organisation.path(name);
  const { url, invite } = organisation;
  await organisation.handrail(home, 'join', url, '--invite', invite, '--name', name, '--accept');
  const file = organisation.path(`${name}.jsonl`);
  await writeFile(file, typedLog(words));
  await organisation.handrail(home, 'import', file, '--format', 'ducktrack');
  return home;
}

/** A DuckTrack log of a click and of letters and spaces typed one by one. */
export function typedLog(words: string): string {
  const click = { action: 'click', x: 10, y: 10, button: 'left' };
  const lines = [
    { time_stamp: 1, ...click, pressed: true },
    { time_stamp: 1.1, ...click, pressed: false },
    ...[...words].flatMap((letter, at) => {
      const name = letter === ' ' ? 'space' : letter;
      const [down, up] = [2 + at / 10, 2.05 + at / 10];
      return [
        { time_stamp: down, action: 'press', name },
        { time_stamp: up, action: 'release', name },
      ];
    }),
  ];
  return lines.map((line) => JSON.stringify(line)).join('\n');
}

/** Two persons of different roles agree to capture these contexts. */
export async function agreeManifest(
  organisation: Organisation,
  contexts: readonly CaptureContext[],
): Promise<void> {
  const file = organisation.path('manifest.json');
  const signals = ['key', 'pointer', 'window', 'focus', 'frame'];
  await writeFile(file, JSON.stringify({ version: 1, signals, contexts }));
  const { stewardHome, officerHome } = organisation;
  const { id } = await organisation.handrail(stewardHome, 'manifest', 'set', file);
  await organisation.handrail(officerHome, 'manifest', 'approve', String(id));
}

async function firstLine(child: ChildProcess) {
  if (child.stdout === null) throw new Error('The organisation has no output.');
  for await (const line of createInterface({ input: child.stdout })) {
    const told = JSON.parse(line);
    const { url, invite, stewardHome, officerHome, researcherHome, vaultHome } = told;
    const { commanderHome, proberHome } = told;
    const homes = { stewardHome, officerHome, researcherHome, commanderHome, proberHome };
    return { url, invite, ...homes, vaultHome };
  }
  throw new Error('The organisation ended before it was ready.');
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.kill(signal);
  });
}

function runToEnd(args: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (part) => {
    output.stdout += part;
  });
  child.stderr.on('data', (part) => {
    output.stderr += part;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...output })));
}

async function everyFile(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    // Files of a running organisation may go while they are listed.
    const bytes = await readFile(path).catch(() => undefined);
    if (bytes) files.set(path.slice(folder.length + 1), bytes);
  }
  return files;
}
