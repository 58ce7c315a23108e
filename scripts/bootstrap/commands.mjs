// What each bootstrap command runs once everything is installed, in order. The first failure ends
// it.

export const usage = 'usage: node scripts/bootstrap.mjs test|demo|bench [arguments...]';

/**
 * @typedef {{ readonly program: string, readonly args: readonly string[] }} Command
 */

/**
 * The programs behind a bootstrap command, or undefined when there is no such command.
 * @param {string} name
 * @param {readonly string[]} args passed on to the last program
 * @returns {readonly Command[] | undefined}
 */
export function commandsFor(name, args) {
  switch (name) {
    case 'test':
      return [
        { program: 'tsc', args: ['-b'] },
        { program: 'biome', args: ['check', '.'] },
        { program: 'knip', args: [] },
        { program: 'vitest', args: ['run', ...args] },
      ];
    case 'demo':
      return [{ program: 'node', args: ['packages/cli/bin/handrail.js', 'demo', ...args] }];
    case 'bench':
      return [{ program: 'node', args: ['bench/main.ts', ...args] }];
    default:
      return undefined;
  }
}
