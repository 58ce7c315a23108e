// A system package counts as present when the program or file that proves it is there. A snap's
// launcher is no proof: it cannot be driven on a private display.
import { closeSync, existsSync, openSync, readdirSync, readSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const launcherBytesMax = 64 * 1024;

/**
 * @template {{ package: string, proof: string[] }} T
 * @param {readonly T[]} list
 * @param {string} [path] folders to look in, as in PATH
 * @returns {T[]}
 */
export function missingPackages(list, path = process.env.PATH ?? '') {
  return list.filter((item) => !item.proof.some((proof) => isPresent(proof, path)));
}

/** @param {string} proof @param {string} path */
function isPresent(proof, path) {
  if (proof.includes('*')) return matchesOneStar(proof);
  if (proof.startsWith('/')) return existsSync(proof);
  return path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, proof))
    .some((file) => existsSync(file) && !isSnapLauncher(file));
}

/** @param {string} pattern absolute, with one `*` as a whole path segment */
function matchesOneStar(pattern) {
  const [before = '', after = ''] = pattern.split('*');
  if (!existsSync(before)) return false;
  return readdirSync(before).some((name) => existsSync(join(before, name, after)));
}

/**
 * Whether a program is a link to snap, lies in /snap, or is Ubuntu's script that starts a snap.
 * @param {string} file
 */
export function isSnapLauncher(file) {
  const target = realpathSync(file);
  if (target.startsWith('/snap/') || target.endsWith('/bin/snap')) return true;
  const head = readHead(target);
  return head.startsWith('#!') && head.includes('/snap/bin/');
}

/** @param {string} file */
function readHead(file) {
  const buffer = Buffer.alloc(launcherBytesMax);
  const handle = openSync(file, 'r');
  try {
    return buffer.toString('latin1', 0, readSync(handle, buffer, 0, launcherBytesMax, 0));
  } finally {
    closeSync(handle);
  }
}
