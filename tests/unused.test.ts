import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repositoryRoot } from './support/repository-files.ts';

describe('unused code, as knip.json has it found', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'handrail-unused-'));
    copyFileSync(join(repositoryRoot, 'knip.json'), join(folder, 'knip.json'));
    write('package.json', '{"name":"planted","private":true,"workspaces":["packages/*"]}');
    write('packages/agent/package.json', manifest({}));
    write('packages/agent/src/main.ts', "import { used } from './gate.ts';\nused();\n");
    write('packages/agent/src/gate.ts', 'export function used() {}\n');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('lets a package through in which everything is used', () => {
    expect(knip()).toEqual({ status: 0, output: expect.any(String) });
  });
  it('catches a planted export that nobody imports', () => {
    write('packages/agent/src/gate.ts', 'export function used() {}\nexport const idle = 1;\n');
    expect(knip()).toEqual({ status: 1, output: expect.stringContaining('idle') });
  });
  it('catches a planted file that nobody imports', () => {
    write('packages/agent/src/gate/idle.ts', 'export const a = 1;\n');
    expect(knip()).toEqual({ status: 1, output: expect.stringContaining('gate/idle.ts') });
  });
  it('catches a planted dependency that nobody imports', () => {
    write('packages/agent/package.json', manifest({ 'left-pad': '1.3.0' }));
    expect(knip()).toEqual({ status: 1, output: expect.stringContaining('left-pad') });
  });

  function write(path: string, text: string) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }

  function knip() {
    const program = join(repositoryRoot, 'node_modules/knip/bin/knip.js');
    const run = spawnSync(process.execPath, [program, '--no-config-hints'], { cwd: folder });
    return { status: run.status, output: `${run.stdout}${run.stderr}` };
  }
});

function manifest(dependencies: Readonly<Record<string, string>>): string {
  const exports_ = { './*': './src/*.ts' };
  return JSON.stringify({ name: '@handrail/agent', exports: exports_, dependencies });
}
