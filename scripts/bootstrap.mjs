// One command for a fresh checkout: installs what is missing, then runs the tests, the demo or a
// benchmark with Node 24. Plain JavaScript without dependencies, for any Node from 20 on.
// Progress goes to standard error, so that standard output stays the command's own.
import { fileURLToPath } from 'node:url';
import { commandsFor, usage } from './bootstrap/commands.mjs';
import { ensureNodeModules } from './bootstrap/node-modules.mjs';
import { runForeground } from './bootstrap/run.mjs';
import { ensureSystemPackages } from './bootstrap/system-packages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs one bootstrap command and returns its exit status. */
async function bootstrap(/** @type {string[]} */ [name = '', ...args]) {
  const commands = commandsFor(name, args);
  if (commands === undefined) return stop(usage, 2);

  const installed = await ensureNodeModules(root, say);
  if (installed !== 0) return stop('npm ci failed: see above, then run this again.', 2);

  const system = await ensureSystemPackages(root, say);
  const skippable = name === 'test' && process.env.HANDRAIL_TEST_REQUIRE !== 'all';
  if (system.kind === 'missing') say(system.advice);
  if (system.kind === 'missing' && !skippable) return 2;
  if (system.kind === 'missing') say('Going on: tests that need them are skipped by name.');

  for (const [index, command] of commands.entries()) {
    if (commands.length > 1)
      say(
        `[${index + 1}/${commands.length}] ${command.program} ${command.args.join(' ')}`.trimEnd(),
      );
    const status = await runForeground(command, root);
    if (status !== 0)
      return commands.length > 1 ? stop(`${command.program} failed.`, status) : status;
  }
  return 0;
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`bootstrap: ${line}\n`);
}

/** @param {string} line @param {number} status */
function stop(line, status) {
  say(line);
  return status;
}

process.exitCode = await bootstrap(process.argv.slice(2));
