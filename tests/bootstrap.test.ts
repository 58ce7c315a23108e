import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandsFor } from '../scripts/bootstrap/commands.mjs';
import { isSnapLauncher, missingPackages } from '../scripts/bootstrap/installed-programs.mjs';
import { installedMatches, nodeModulesReady } from '../scripts/bootstrap/node-modules.mjs';
import { advise, distributionOf, installPlan } from '../scripts/bootstrap/system-packages.mjs';
import { repositoryRoot } from './support/repository-files.ts';

const chromium = { package: 'chromium', proof: ['chromium'], snapOnUbuntu: true };
const age = { package: 'age', proof: ['age'] };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handrail-bootstrap-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

describe('npm packages', () => {
  const wanted = {
    packages: {
      '': { version: '1.0.0' },
      'node_modules/a': { version: '1.2.3', integrity: 'sha512-a' },
      'node_modules/b': { version: '2.0.0', optional: true },
    },
  };
  it('are ready when all that the lock names is there, but for optional ones', () => {
    const a = { version: '1.2.3', integrity: 'sha512-a' };
    expect(installedMatches(wanted, { packages: { 'node_modules/a': a } })).toBe(true);
  });
  it.each([
    ['missing', {}],
    ['of another version', { 'node_modules/a': { version: '1.2.4', integrity: 'sha512-a' } }],
    ['of other content', { 'node_modules/a': { version: '1.2.3', integrity: 'sha512-b' } }],
  ])('are not ready when one is %s', (_how, packages) => {
    expect(installedMatches(wanted, { packages })).toBe(false);
  });
  it('are ready in this checkout, and not in an empty or damaged one', () => {
    expect(nodeModulesReady(repositoryRoot)).toBe(true);
    expect(nodeModulesReady(folder)).toBe(false);
    writeFileSync(join(folder, 'package-lock.json'), '{"packages":{}}');
    mkdirSync(join(folder, 'node_modules'));
    writeFileSync(join(folder, 'node_modules/.package-lock.json'), '{"pack');
    expect(nodeModulesReady(folder)).toBe(false);
  });
});

describe('system packages', () => {
  it('are missing until the program that proves them is on the path', () => {
    expect(missingPackages([age], folder)).toEqual([age]);
    program('age', '#!/bin/sh\n');
    expect(missingPackages([age], folder)).toEqual([]);
  });
  it('are found by a file, or by a pattern over versions', () => {
    mkdirSync(join(folder, '15/bin'), { recursive: true });
    const byPattern = { package: 'postgresql', proof: [`${folder}/*/bin/postgres`] };
    expect(missingPackages([byPattern], '')).toEqual([byPattern]);
    program('15/bin/postgres', '');
    expect(missingPackages([byPattern], '')).toEqual([]);
    const byFile = { package: 'fonts', proof: [`${folder}/15/bin/postgres`] };
    expect(missingPackages([byFile], '')).toEqual([]);
  });
  it('a snap is no Chromium: neither its link nor the script that starts it', () => {
    const script = program('chromium', '#!/bin/sh\nexec /snap/bin/chromium "$@"\n');
    expect(isSnapLauncher(script)).toBe(true);
    expect(missingPackages([chromium], folder)).toEqual([chromium]);
    mkdirSync(join(folder, 'bin'));
    program('bin/snap', '');
    symlinkSync(join(folder, 'bin/snap'), join(folder, 'linked'));
    expect(isSnapLauncher(join(folder, 'linked'))).toBe(true);
    expect(isSnapLauncher(program('real', '#!/bin/sh\nexec /usr/lib/chromium\n'))).toBe(false);
  });
  it('are installed by apt as root or through sudo', () => {
    const asRoot = installPlan([chromium, age], 'debian', []);
    expect(asRoot.commands.map((command) => command.join(' '))).toEqual([
      'env DEBIAN_FRONTEND=noninteractive apt-get update',
      expect.stringMatching(/apt-get install -y --no-install-recommends .* chromium age$/),
    ]);
    expect(installPlan([age], 'ubuntu', ['sudo', '-n']).commands[0]?.[0]).toBe('sudo');
  });
  it('are left alone where apt may not run, and Ubuntu’s snap everywhere', () => {
    expect(installPlan([age], 'debian', undefined).commands).toEqual([]);
    expect(installPlan([age], 'other', []).commands).toEqual([]);
    expect(installPlan([chromium], 'ubuntu', []).commands).toEqual([]);
  });
  it('are named with the exact command when they cannot be installed', () => {
    expect(advise([age], 'debian')).toContain('sudo apt-get install -y age');
    expect(advise([chromium], 'ubuntu')).toContain('is a snap');
    expect(advise([chromium], 'ubuntu')).not.toContain('apt-get install');
    expect(advise([age], 'other')).toContain('Debian');
  });
  it.each([
    ['ID=debian\n', 'debian'],
    ['NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n', 'ubuntu'],
    ['ID=linuxmint\nID_LIKE="ubuntu debian"\n', 'ubuntu'],
    ['ID=fedora\n', 'other'],
    ['', 'other'],
  ])('%j is read as %s', (text, expected) => {
    expect(distributionOf(text)).toBe(expected);
  });
});

describe('the bootstrap', () => {
  it('runs types, lint and unused code before the tests, and passes arguments on', () => {
    expect(commandsFor('test', ['tests/tidy'])?.map(({ program }) => program)).toEqual([
      'tsc',
      'biome',
      'knip',
      'vitest',
    ]);
    expect(commandsFor('test', ['tests/tidy'])?.at(-1)?.args).toEqual(['run', 'tests/tidy']);
    expect(commandsFor('demo', ['--json'])?.at(-1)?.args.at(-1)).toBe('--json');
  });
  it('exits 2 with its usage on standard error for an unknown command', async () => {
    const child = spawn(process.execPath, [join(repositoryRoot, 'scripts/bootstrap.mjs'), 'fly'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [errors] = await Promise.all([read(child.stderr), once(child, 'exit')]);
    expect(child.exitCode).toBe(2);
    expect(errors).toContain('usage:');
  });
  it('hands a signal on, and exits as its child did', async () => {
    const child = spawn(process.execPath, ['-e', waitingParent()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(child.exitCode).toBe(7);
  });
});

/** Runs, the way the bootstrap does, a child that exits 7 when it is told to end. */
function waitingParent(): string {
  const run = new URL('../scripts/bootstrap/run.mjs', import.meta.url).href;
  const waiting = [
    "process.on('SIGTERM', () => process.exit(7));",
    "setInterval(() => {}, 1e6); console.log('ready');",
  ].join('');
  const command = JSON.stringify({ program: process.execPath, args: ['-e', waiting] });
  return `import(${JSON.stringify(run)}).then(async ({ runForeground }) => {
    process.exitCode = await runForeground(${command}, ${JSON.stringify(folder)});
  });`;
}

async function read(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}
