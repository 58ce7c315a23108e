import { describe, expect, it } from 'vitest';
import {
  isSource,
  type RepositoryFile,
  repositoryFiles,
  repositoryPaths,
} from './support/repository-files.ts';
import { triedIn, untriedAttacks } from './tidy/attack-rules.ts';
import { noLeftovers, noSilencedChecks, opensWithPromise } from './tidy/comment-rules.ts';
import { incompleteRecords, undecidedDependencies } from './tidy/decision-rules.ts';
import { brokenLinks, linksIn, lostPlaces } from './tidy/link-rules.ts';
import { indexFilesOnlyAtFaces, kebabCaseNames, tellingNames } from './tidy/name-rules.ts';
import { narrowLines, shortFiles, shortFunctions } from './tidy/size-rules.ts';
import { environmentOnlyInConfig, namedExports, noAny, noEnums } from './tidy/syntax-rules.ts';
import type { Rule, Violation } from './tidy/violation.ts';
import { noForbiddenWords, outsideFixturesInOnePlace } from './tidy/word-rules.ts';

const files = repositoryFiles();
const sources = files.filter((file) => isSource(file.path));
const documents = files.filter((file) => file.path.endsWith('.md'));

const place = 'packages/core/src/ledger/checkpoint.ts';
const planted = (text: string, path = place): RepositoryFile => ({ path, text });
const longBody = 'const a = 1;\n'.repeat(70);

/** Each rule with what must break it (a file, or a text in an ordinary place) and what must not. */
const sourceRules: readonly [
  string,
  Rule,
  (string | RepositoryFile)[],
  (string | RepositoryFile)[],
][] = [
  ['files of at most 400 lines', shortFiles, ['a;\n'.repeat(401)], ['a;\n'.repeat(400)]],
  [
    'functions of at most 70 lines',
    shortFunctions,
    [
      `function f() {\n${longBody}}`,
      `const f = () => {\n${longBody}};`,
      `class A { f() {\n${longBody}} }`,
      `describe('x', () => { it('y', () => {\n${longBody}}); });`,
    ],
    [`describe('x', () => {\n${longBody}});`, 'function f() {}', longBody],
  ],
  [
    'lines of at most 100 columns',
    narrowLines,
    [`// ${'x'.repeat(98)}`],
    [`// ${'é'.repeat(97)}`, `// https://${'x'.repeat(98)}`, `  /${'x'.repeat(98)}/u,`],
  ],
  [
    'names in kebab-case',
    kebabCaseNames,
    [planted('', 'tests/someThing.ts'), planted('', 'tests/some_thing/a.ts')],
    [place, planted('', '.ci/a.mjs'), planted('', 'a-b.config.test.ts')].map((file) =>
      typeof file === 'string' ? planted('', file) : file,
    ),
  ],
  [
    'names that say something',
    tellingNames,
    ['utils.ts', 'key-manager.ts', 'types.test.ts'].map((name) => planted('', `a/${name}`)),
    ['service-worker.ts', 'keys.ts'].map((name) => planted('', `a/${name}`)),
  ],
  [
    'index files only at the faces of core',
    indexFilesOnlyAtFaces,
    [planted('', 'packages/agent/src/gate/index.ts'), planted('', 'packages/core/src/index.ts')],
    [planted('', 'packages/core/src/seal/index.ts')],
  ],
  ['no any', noAny, ['let a: any;', 'f<any>(b as any);'], ['// any\nconst any = "any";']],
  ['no enums', noEnums, ['enum A { B }', 'export const enum A { B }'], ['const a = "enum";']],
  [
    'named exports',
    namedExports,
    ['export default 1;', 'const a = 1; export { a as default };'],
    ['export const a = 1;', planted('export default 1;', 'vitest.config.ts')],
  ],
  [
    'the environment read in configuration only',
    environmentOnlyInConfig,
    ['f(process.env.A);', "process['env'];"],
    [
      planted('process.env.A;', 'packages/agent/src/config.ts'),
      planted('process.env.A;', 'packages/server/src/secrets.ts'),
      planted('process.env.A;', 'packages/core/src/a.test.ts'),
      'process.pid;',
    ],
  ],
  [
    'no silenced checks',
    noSilencedChecks,
    [`// @ts-${'ignore'}`, `// @ts-${'expect-error'}`, `// biome-${'ignore'} lint: x`],
    ['// ignore what was there before'],
  ],
  ['nothing left for later', noLeftovers, [`// ${'TO' + 'DO'}: later`], ['// todos are a noun']],
  [
    'an opening comment of one to three lines',
    opensWithPromise,
    ['const a = 1;', '// 1\n// 2\n// 3\n// 4\nconst a = 1;', '/*\n1\n2\n*/'],
    ['// why\nconst a = 1;', '#!/usr/bin/env node\n// why', planted('f();', 'tests/a.test.ts')],
  ],
];

const machinePath = ['', 'work', 'main'].join('/');
const textRules: readonly [
  string,
  Rule,
  (string | RepositoryFile)[],
  (string | RepositoryFile)[],
][] = [
  [
    'no machine paths, download addresses or traces of writing',
    noForbiddenWords,
    [
      `in ${machinePath}`,
      `"${machinePath}"`,
      ['', 'tmp', 'w', 'a'].join('/'),
      ['', 'home', 'ann', 'a'].join('/'),
      `registry.${'npm' + 'js'}.org`,
      `a ${'Sub' + 'agent'} wrote it`,
      `see ${'issue'} 2`,
    ],
    ['the work of the agent', 'packages/vault/src/worker/view.ts', '/tmp/work', 'a/work/b'],
  ],
  [
    'outside fixtures found in one place',
    outsideFixturesInOnePlace,
    [['..', 'shared', 'fixtures'].join('/')],
    [planted(['..', 'shared'].join('/'), 'packages/testbed/src/fixtures.ts')],
  ],
];

function breaks(rule: Rule, example: string | RepositoryFile): readonly Violation[] {
  return rule(typeof example === 'string' ? planted(example) : example);
}

function listed(violations: readonly Violation[]): readonly string[] {
  return violations.map(({ path, line, problem }) => `${path}:${line} ${problem}`);
}

describe.each(sourceRules)('every source keeps to: %s', (_name, rule, wrong, right) => {
  it('in this checkout', () => {
    expect(listed(sources.flatMap((file) => rule(file)))).toEqual([]);
  });
  it.each(wrong)('a planted violation is caught: %j', (example) => {
    expect(breaks(rule, example)).not.toEqual([]);
  });
  it.each(right)('what only looks like one is let through: %j', (example) => {
    expect(listed(breaks(rule, example))).toEqual([]);
  });
});

describe.each(textRules)('every text keeps to: %s', (_name, rule, wrong, right) => {
  it('in this checkout', () => {
    expect(listed(files.flatMap((file) => rule(file)))).toEqual([]);
  });
  it.each(wrong)('a planted violation is caught: %j', (example) => {
    expect(breaks(rule, example)).not.toEqual([]);
  });
  it.each(right)('what only looks like one is let through: %j', (example) => {
    expect(listed(breaks(rule, example))).toEqual([]);
  });
});

describe('documents', () => {
  it('link to files and headings that exist', () => {
    expect(listed(brokenLinks(documents, repositoryPaths()))).toEqual([]);
  });
  it.each(['[a](missing.md)', '[a](b.md#missing)', '[a](#missing)', '[a]: ../c.md'])(
    'a planted dead link is caught: %s',
    (text) => {
      const there = planted('# Some heading', 'docs/b.md');
      const from = planted(text, 'docs/a.md');
      expect(brokenLinks([from, there], ['docs/a.md', 'docs/b.md'])).toHaveLength(1);
    },
  );
  it('let links to real headings, folders and the web through', () => {
    const there = planted('## Some `heading`, here', 'docs/b.md');
    const text = '[a](b.md#some-heading-here) [b](../docs) [c](https://example.org/x.md)';
    expect(brokenLinks([planted(text, 'docs/a.md'), there], ['docs/a.md', 'docs/b.md'])).toEqual(
      [],
    );
  });
});

describe('places that documents name', () => {
  const paths = repositoryPaths();
  it('are there', () => {
    expect(listed(documents.flatMap((file) => lostPlaces(file, paths)))).toEqual([]);
  });
  it('a place that has moved is caught, a folder and a file are not', () => {
    const text = '`core/src/gone.ts`, `core/src/gate`, `packages/core/src/gate/gate.ts`';
    expect(lostPlaces(planted(text, 'docs/a.md'), paths)).toHaveLength(1);
  });
});

describe('attacks', () => {
  const pages = documents.filter(({ path }) => path === 'docs/attacks.md');
  const page = (text: string) => planted(`### Somebody asks\n\n${text}`, 'docs/a.md');
  const there = planted("test('it is refused', f);", 'tests/a.test.ts');

  it('are each tried by tests that exist', () => {
    expect(listed(pages.flatMap((one) => untriedAttacks(one, files)))).toEqual([]);
    expect(pages.map(triedIn)).toEqual([expect.any(Number)]);
    expect(pages.map(triedIn)[0]).toBeGreaterThan(60);
  });
  it.each(['Nothing.', '### Next\n- `tests/a.test.ts`: it is refused'])(
    'one that no test tries is caught: %j',
    (text) => expect(untriedAttacks(page(text), [there])).toHaveLength(1),
  );
  it.each(['tests/b.test.ts`: it is refused', 'tests/a.test.ts`: it is refused, once'])(
    'a test that is not there is caught: %j',
    (text) => expect(untriedAttacks(page(`- \`${text}`), [there])).toHaveLength(1),
  );
  it('one that is tried is let through', () => {
    expect(untriedAttacks(page('- `tests/a.test.ts`: it is refused'), [there])).toEqual([]);
  });
});

describe('decision records', () => {
  const manifest = planted('{"dependencies":{"left-pad":"1"}}', 'packages/core/package.json');
  const record = (lines: string) =>
    planted(`# \`left-pad\`\n\n${lines}`, 'docs/decisions/0001-a.md');

  it('exist for every runtime dependency', () => {
    expect(listed(undecidedDependencies(files))).toEqual([]);
  });
  it('hold their five lines', () => {
    expect(listed(incompleteRecords(files))).toEqual([]);
  });
  it('are missed when a dependency is planted without one', () => {
    expect(undecidedDependencies([manifest])).toHaveLength(1);
    expect(undecidedDependencies([manifest, record('')])).toEqual([]);
  });
  it('are refused when a line is missing', () => {
    expect(incompleteRecords([record('- What: pads.\n- Why: short.')])).toHaveLength(1);
  });
});

describe('the gates visited something', () => {
  it('sources, documents, links and packages', () => {
    expect(sources.length).toBeGreaterThan(30);
    expect(files.length).toBeGreaterThan(sources.length + 20);
    expect(documents.length).toBeGreaterThan(20);
    expect(documents.flatMap(linksIn).length).toBeGreaterThan(5);
    expect(files.filter((file) => file.path.endsWith('/package.json')).length).toBeGreaterThan(5);
  });
  it('the parser reports places in UTF-16 units, as the text counts them', () => {
    const file = planted('const a = "😀";\nlet b: any;');
    expect(noAny(file).map(({ line }) => line)).toEqual([2]);
  });
  it('a source that does not parse is an error, not a pass', () => {
    expect(() => noAny(planted('const = ;'))).toThrow(`${place} does not parse`);
  });
});
