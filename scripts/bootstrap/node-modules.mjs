// npm packages are installed when node_modules does not hold exactly what package-lock.json names.
// npm keeps its own record of what it installed; the two are compared, so nothing else is written.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInstaller } from './run.mjs';

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, link?: boolean }} Entry
 * @typedef {{ packages?: Record<string, Entry> }} Lock
 */

/**
 * Runs `npm ci` unless everything is in place; resolves with its exit status.
 * @param {string} root
 * @param {(line: string) => void} say
 */
export async function ensureNodeModules(root, say) {
  if (nodeModulesReady(root)) return 0;
  say('npm packages are missing or out of date: npm ci');
  const status = await runInstaller('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root });
  if (status !== 0 || nodeModulesReady(root)) return status;
  say('npm ci left Node 24 or another package out: are install scripts switched off in npm?');
  return 1;
}

/** @param {string} root */
export function nodeModulesReady(root) {
  const installed = readLock(join(root, 'node_modules', '.package-lock.json'));
  const wanted = readLock(join(root, 'package-lock.json'));
  if (installed === undefined || wanted === undefined) return false;
  return (
    installedMatches(wanted, installed) && existsSync(join(root, 'node_modules/node/bin/node'))
  );
}

/**
 * Whether every entry of the lock is installed in the same version. Optional packages may be
 * absent (they are for other platforms), but not differ.
 * @param {Lock} wanted
 * @param {Lock} installed
 */
export function installedMatches(wanted, installed) {
  const found = installed.packages ?? {};
  return Object.entries(wanted.packages ?? {}).every(([path, entry]) => {
    if (path === '') return true;
    const have = found[path];
    if (have === undefined) return entry.optional === true;
    return have.version === entry.version && have.integrity === entry.integrity;
  });
}

/** @param {string} path @returns {Lock | undefined} */
function readLock(path) {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
