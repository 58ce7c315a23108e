// Starts programs with the checkout's own tools (and its Node 24) first on the PATH. Signals reach
// the child, and its exit status is ours.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';

const forwarded = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** The environment in which the checkout's programs come first. @param {string} root */
export function checkoutEnvironment(root) {
  const tools = join(root, 'node_modules', '.bin');
  return { ...process.env, PATH: `${tools}${delimiter}${process.env.PATH ?? ''}` };
}

/**
 * Runs a program of the checkout with our own standard streams; resolves with its exit status,
 * 128 + n when signal n ended it, 127 when it cannot be started.
 * @param {import('./commands.mjs').Command} command
 * @param {string} root
 * @returns {Promise<number>}
 */
export function runForeground({ program, args }, root) {
  const child = spawn(program, args, {
    cwd: root,
    stdio: 'inherit',
    env: checkoutEnvironment(root),
  });
  const forward = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
  for (const signal of forwarded) process.on(signal, forward);
  return statusOf(child).finally(() => {
    for (const signal of forwarded) process.off(signal, forward);
  });
}

/**
 * Runs an installer: no standard input, and everything it prints goes to standard error.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>}
 */
export function runInstaller(program, args, options = {}) {
  return statusOf(spawn(program, args, { ...options, stdio: ['ignore', 2, 2] }));
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>}
 */
function statusOf(child) {
  return new Promise((resolve) => {
    child.on('error', () => resolve(127));
    child.on('exit', (code, signal) =>
      resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']),
    );
  });
}
