import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { purposes, roles, tiers } from '@handrail/core/statement';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { purposeNames, tierNames } from './commands/grant/command.ts';
import { roleNames } from './commands/key/command.ts';
import { family, newProgram } from './program.ts';
import { handrail } from './run-command.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handrail-cli-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const commands = [...family(newProgram())];

test('there are as many commands as the command line promises', () => {
  const leaves = commands.filter((command) => command.commands.length === 0);
  expect(leaves.length).toBeGreaterThan(35);
});

test.each(commands.map((command) => [command.name(), command] as const))(
  '%s says what it does in its help',
  (_name, command) => {
    const help = command.helpInformation();
    expect(command.description()).not.toBe('');
    expect(help).toMatch(/--help/);
    expect(help).toMatch(/--json/);
    for (const option of command.options) expect(option.description).not.toBe('');
  },
);

test.each([[['--help']], [['grant', '--help']], [['release', 'build', '--help']]])(
  'help goes to standard output and exits 0: %j',
  async (args) => {
    const { code, stdout, stderr } = await handrail(args);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage: handrail/);
  },
);

test('the choices in help are those of the charter', () => {
  expect(roleNames).toEqual([...roles]);
  expect(purposeNames).toEqual([...purposes]);
  expect(tierNames).toEqual([...tiers]);
});

describe('a mistake is one line on standard error that says what to do', () => {
  const somebody = () => ['--home', join(folder, 'nobody')];
  const cases: readonly (readonly [args: string[], code: number, says: RegExp])[] = [
    [[], 2, /^Name a command: up, /],
    [['grant'], 2, /^Name a command: request, .* See handrail grant --help\.$/],
    [['fly'], 2, /^There is no command fly\./],
    [['status', '--loud'], 2, /^unknown option '--loud'\. See handrail status --help\.$/],
    [['join', 'http://localhost'], 2, /--invite/],
    [
      ['join', 'http://localhost', '--invite', 'x', '--name', 'n'],
      2,
      /^The invite is not complete/,
    ],
    [['key', 'new', '--role', 'boss'], 2, /steward, officer/],
    [['up', '--port', '70000'], 2, /whole number from 0 to 65535/],
    [['agent', '--review-window', '1d'], 2, /such as 30s, 5m or 24h/],
    [['pause', '7m'], 2, /5m, 30m, today or forever/],
    [['forget', '2h'], 2, /15m, 1h, session or all/],
    [['status'], 1, /has not joined: run "handrail join" first/],
    [['mine', 'list'], 1, /has not joined/],
    [['resume'], 1, /has not joined/],
    [['mine', 'show', 'traj_1'], 2, /an id that starts with traj_/],
    [['erase'], 2, /add --yes/],
    [['manifest', 'show'], 1, /holds no person's keys/],
    [['grant', 'list'], 1, /handrail key new/],
    [['ledger', 'verify'], 2, /--url/],
    [['ledger', 'verify', '/nowhere'], 2, /--policy FILE/],
    [['ledger', 'verify', '/nowhere', '--key', '/nowhere/key'], 2, /no such file/],
    [['ledger', 'verify', '--url', 'http://127.0.0.1:1'], 3, /cannot be reached/],
    [['reduce', '/nowhere/events.jsonl', '--format', 'ducktrack'], 2, /no such file/],
    [['reduce', '/', '--format', 'ducktrack'], 2, /is no file: name a file/],
    [['import', '/nowhere/a', '--format', 'word'], 2, /ducktrack, agentnet/],
    [['replay', '/nowhere/a', '--row', 'r', '--display', 'x'], 2, /X display such as :7/],
  ];

  test.each(cases)('%j exits %i', async (args, expected, says) => {
    const { code, stdout, stderr } = await handrail([...somebody(), ...args]);
    expect(stderr.trimEnd()).toMatch(says);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect([code, stdout]).toEqual([expected, '']);
  });

  test('what a broken file holds is not in the message', async () => {
    const file = join(folder, 'recipe.json');
    const home = join(folder, 'auditor');
    await handrail(['key', 'new', '--role', 'auditor', '--home', home]);
    for (const text of ['{"purpose": "hunter2secret"', '{"purpose":"hunter2secret"}']) {
      await writeFile(file, text);
      const args = ['release', 'build', file, '--grant', 'g', '--home', home];
      const { code, stderr } = await handrail(args);
      expect(code).toBe(2);
      expect(stderr).not.toContain('hunter2');
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    }
  });
});

test('--home and --json may stand before or after the command', async () => {
  const home = join(folder, 'steward');
  const made = await handrail(['--json', '--home', home, 'key', 'new', '--role', 'steward']);
  expect(made.code).toBe(0);
  expect(Object.keys(JSON.parse(made.stdout))).toEqual(['id', 'publicKey', 'recipient']);
  const again = await handrail(['key', 'new', '--role', 'steward', '--home', home, '--json']);
  expect([again.code, again.stdout]).toEqual([1, '']);
});

test('redact answers every line in its order, the last one without a line end too', async () => {
  const input = '{"id":"a","text":"mail ada@example.com now"}\r\n\n{"id":2,"text":"nothing"}';
  const { code, stdout, stderr } = await handrail(['redact', '--json'], input);
  expect([code, stderr]).toEqual([0, '']);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toEqual([
    {
      id: 'a',
      findings: [{ start: 5, end: 20, class: 'email', rule: 'email' }],
      redacted: 'mail [email] now',
    },
    { id: 2, findings: [], redacted: 'nothing' },
  ]);
});

test('redact names a wrong line by its number, never by its content', async () => {
  const { code, stderr } = await handrail(['redact'], '{"id":1,"text":"a"}\nhunter2\n');
  expect(code).toBe(2);
  expect(stderr).toBe('Line 2 is not {"id","text"}: correct it.\n');
});
