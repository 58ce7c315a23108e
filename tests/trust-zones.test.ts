import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type RepositoryFile,
  repositoryFiles,
  repositoryRoot,
} from './support/repository-files.ts';
import type { Violation } from './tidy/violation.ts';
import { dependencyClosure, type Lock } from './trust-zones/dependency-closure.ts';
import { importsOf } from './trust-zones/imports.ts';
import { forbiddenReach, reachable, unfollowable } from './trust-zones/module-graph.ts';
import { isTest, type SourceTree, sourcesIn, sourceTree } from './trust-zones/source-tree.ts';
import { strayDependencies, strayImports } from './trust-zones/zone-rules.ts';
import * as table from './trust-zones/zones.ts';

const files = repositoryFiles();
const here = sourceTree(files);

/** The checkout with some files added or replaced. */
function planted(...added: readonly (readonly [path: string, text: string])[]): SourceTree {
  const extra: RepositoryFile[] = added.map(([path, text]) => ({ path, text }));
  const kept = files.filter((file) => !extra.some(({ path }) => path === file.path));
  return sourceTree([...kept, ...extra]);
}

function listed(violations: readonly Violation[]): readonly string[] {
  return violations.map(({ path, line, problem }) => `${path}:${line} ${problem}`);
}

function sourcePaths(tree: SourceTree, folder: string): readonly string[] {
  return sourcesIn(tree, folder)
    .map((file) => file.path)
    .filter((path) => !isTest(path));
}

describe('imports stay inside the table of trust zones', () => {
  it('in this checkout', () => {
    expect(listed(strayImports(here))).toEqual([]);
    expect(listed(strayDependencies(here))).toEqual([]);
  });

  it.each([
    ['packages/core/src/bytes/a.ts', "import 'node:fs';"],
    ['packages/core/src/bytes/a.ts', "import { readFile } from 'fs/promises';"],
    ['packages/core/src/bytes/a.ts', "import type { A } from '@handrail/agent/a';"],
    ['packages/core/src/bytes/a.ts', "export * from 'left-pad';"],
    ['packages/agent/src/a.ts', "await import('@handrail/vault/main');"],
    ['packages/agent/src/a.ts', "export { a } from '@handrail/server/a';"],
    ['packages/agent/src/a.ts', "import.meta.resolve('@handrail/vault/main');"],
    ['packages/agent/src/a.ts', "import { a } from '@handrail/testbed/fixtures';"],
    ['packages/agent/src/a.ts', "import { a } from '../../core/src/errors/index.ts';"],
    ['packages/server/src/a.test.ts', "import '@handrail/vault/main';"],
    ['packages/vault/src/a.ts', "let a: import('@handrail/server/a').A;"],
    ['packages/vault/src/a.ts', "require('commander');"],
    ['packages/stray/package.json', '{"name":"stray"}'],
  ])('a planted stray import is caught: %s %s', (path, text) => {
    expect(listed(strayImports(planted([path, text])))).toHaveLength(1 + strayImports(here).length);
  });

  it('a test may use the testbed, and core may use what it declares', () => {
    const tree = planted(
      ['packages/agent/src/a.test.ts', "import '@handrail/testbed/fixtures'; import 'node:fs';"],
      ['packages/core/src/bytes/a.ts', "import 'cborg'; import '../errors/index.ts';"],
    );
    expect(listed(strayImports(tree))).toEqual(listed(strayImports(here)));
  });

  it('a planted dependency on another zone is caught', () => {
    const manifest = '{"name":"@handrail/agent","dependencies":{"@handrail/vault":"0.1.0"}}';
    expect(strayDependencies(planted(['packages/agent/package.json', manifest]))).toHaveLength(1);
  });
});

describe('code that opens with participants’ keys', () => {
  const isKeyCode = (path: string) =>
    table.participantKeyCode.some((beginning) => path.startsWith(beginning));
  const zonesWithoutKeys = table.zones.filter(({ name }) => table.zonesWithoutKeys.includes(name));
  const reachedIn = (tree: SourceTree) =>
    zonesWithoutKeys.flatMap(({ folder }) =>
      forbiddenReach(reachable(tree, sourcePaths(tree, folder)), isKeyCode),
    );

  it('is loaded nowhere in agent, extension, server and console', () => {
    expect(listed(reachedIn(here))).toEqual([]);
  });

  it('exists where the table says', () => {
    expect(
      [...here.files.keys()].filter((path) => path.startsWith('packages/core/src/open/')),
    ).not.toEqual([]);
  });

  it.each([
    ['directly', [['packages/agent/src/a.ts', "import '@handrail/core/open';"]]],
    [
      'through another subpath of core',
      [
        ['packages/core/src/planted/index.ts', "export * from '../open/index.ts';"],
        ['packages/server/src/a.ts', "await import('@handrail/core/planted');"],
      ],
    ],
    [
      'in a child process',
      [
        ['packages/server/src/a.ts', "fork(new URL('./b.ts', import.meta.url));"],
        ['packages/server/src/b.ts', "import { openSegment } from '@handrail/core/open';"],
      ],
    ],
  ] as const)('planted %s is caught', (_way, added) => {
    expect(reachedIn(planted(...added)).length).toBeGreaterThan(reachedIn(here).length);
  });

  it('may be named as a type, which loads nothing', () => {
    const tree = planted([
      'packages/agent/src/a.ts',
      "import type { A } from '@handrail/core/open';",
    ]);
    expect(listed(reachedIn(tree))).toEqual(listed(reachedIn(here)));
  });

  it('cannot hide behind an import that the walk cannot follow', () => {
    const walked = zonesWithoutKeys.flatMap(({ folder }) => sourcePaths(here, folder));
    expect(listed(unfollowable(here, walked))).toEqual([]);
    const computed = 'packages/agent/src/planted.ts';
    const tree = planted([computed, "await import(name); import './nowhere.ts';"]);
    expect(unfollowable(tree, [computed])).toHaveLength(2);
  });
});

describe('the commands of a participant', () => {
  const isVault = (path: string) => path.startsWith(table.vaultFolder);
  const commandsIn = (tree: SourceTree) =>
    sourcePaths(tree, 'packages/cli').filter((path) => table.participantCommands.test(path));
  const reachedIn = (tree: SourceTree) => [
    ...forbiddenReach(reachable(tree, commandsIn(tree)), isVault),
    ...forbiddenReach(reachable(tree, [table.commandLineEntry], ['static']), isVault),
  ];

  it('load no code of the vault', () => {
    expect(listed(reachedIn(here))).toEqual([]);
  });

  it.each([
    'packages/cli/src/commands/mine/list.ts',
    'packages/cli/src/commands/agent.ts',
    'packages/cli/src/commands/join/join.ts',
    table.commandLineEntry,
  ])('vault code planted under %s is caught', (path) => {
    const tree = planted(
      [path, "import '../planted.ts'; import './planted.ts'; import '../../planted.ts';"],
      ['packages/cli/src/planted.ts', "import '@handrail/vault/planted';"],
      ['packages/vault/src/planted.ts', 'export const a = 1;'],
    );
    expect(listed(reachedIn(tree))).toContainEqual(expect.stringContaining(path));
  });
});

describe('the canary', () => {
  const isRecogniser = (path: string) => path.startsWith(table.recognisersFolder);
  const canaryIn = (tree: SourceTree) =>
    sourcePaths(tree, 'packages/cli').filter((path) => path.startsWith(table.canaryFolder));
  // The product that it starts as processes of their own has them, of course.
  const reachedIn = (tree: SourceTree) =>
    forbiddenReach(reachable(tree, canaryIn(tree), ['static', 'dynamic', 'type']), isRecogniser);

  it('shares no code with the recognisers that it measures', () => {
    expect(canaryIn(here).length).toBeGreaterThan(20);
    expect(listed(reachedIn(here))).toEqual([]);
  });

  it('code of theirs that is planted in it is caught, however far away', () => {
    const tree = planted(
      [`${table.canaryFolder}planted.ts`, "import { luhn } from '../planted.ts';"],
      ['packages/cli/src/planted.ts', "export { luhn } from '@handrail/core/redact';"],
    );
    expect(listed(reachedIn(tree))).toContainEqual(expect.stringContaining('planted.ts'));
  });
});

describe('the agent’s npm packages', () => {
  const read = (path: string): unknown =>
    JSON.parse(readFileSync(join(repositoryRoot, path), 'utf8'));
  const lock = read('package-lock.json') as Lock;

  it('are a fixed list: a new one on participants’ machines is a decision', () => {
    const closure = dependencyClosure(lock, table.agentFolder);
    expect(closure).toEqual(read('tests/trust-zones/agent-closure.json'));
    expect(closure).toContain('x11');
  });

  it('a dependency planted deep below is caught', () => {
    const x11 = { dependencies: { 'left-pad': '1' } };
    const packages = { ...lock.packages, 'node_modules/x11': x11, 'node_modules/left-pad': {} };
    expect(dependencyClosure({ packages }, table.agentFolder)).toContain('left-pad');
  });
});

describe('the gates visited something', () => {
  it('zones, sources and imports', () => {
    const sources = table.zones.flatMap(({ folder }) => sourcesIn(here, folder));
    expect(here.packages.length).toBeGreaterThan(5);
    expect(sources.length).toBeGreaterThan(15);
    expect(sources.flatMap(importsOf).length).toBeGreaterThan(15);
  });
  it('the walk follows relative imports, exports and dynamic imports', () => {
    const tree = planted(
      ['packages/agent/src/a.ts', "import './b.ts'; export * from '@handrail/core/errors';"],
      ['packages/agent/src/b.ts', 'await import(`./c.ts`);'],
      ['packages/agent/src/c.ts', 'export const c = 1;'],
    );
    expect([...reachable(tree, ['packages/agent/src/a.ts']).keys()].sort()).toEqual([
      'packages/agent/src/a.ts',
      'packages/agent/src/b.ts',
      'packages/agent/src/c.ts',
      'packages/core/src/errors/index.ts',
    ]);
  });
});
