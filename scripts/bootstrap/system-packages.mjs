// System programs are installed by apt where that needs no question (root, or sudo without a
// password, on Debian or Ubuntu); elsewhere they are named with the command that installs them.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingPackages } from './installed-programs.mjs';
import { runInstaller } from './run.mjs';

/**
 * @typedef {{ package: string, proof: string[], snapOnUbuntu?: boolean }} SystemPackage
 * @typedef {{ kind: 'ready' } | { kind: 'missing', advice: string }} Outcome
 */

const aptUpdate = ['apt-get', 'update'];
const aptInstall = [
  ...['apt-get', 'install', '-y', '--no-install-recommends'],
  ...['-o', 'DPkg::Lock::Timeout=120'],
];

/**
 * @param {string} root
 * @param {(line: string) => void} say
 * @returns {Promise<Outcome>}
 */
export async function ensureSystemPackages(root, say) {
  const missing = missingPackages(readList(root));
  if (missing.length === 0) return { kind: 'ready' };
  const distribution = distributionOf(readOsRelease());
  const plan = installPlan(missing, distribution, privilegePrefix());
  if (plan.commands.length > 0) say(`installing by apt: ${names(plan.byApt)}`);
  for (const [program = '', ...args] of plan.commands) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    if ((await runInstaller(program, args, { env })) !== 0) break;
  }
  const left = missingPackages(missing);
  return left.length === 0
    ? { kind: 'ready' }
    : { kind: 'missing', advice: advise(left, distribution) };
}

/**
 * What apt can install by itself, and with which commands: none where it is absent or may not run.
 * @param {readonly SystemPackage[]} missing
 * @param {string} distribution `debian`, `ubuntu` or `other`
 * @param {readonly string[] | undefined} privilege command prefix that makes us root
 * @returns {{ byApt: readonly SystemPackage[], commands: readonly (readonly string[])[] }}
 */
export function installPlan(missing, distribution, privilege) {
  const byApt = missing.filter((item) => !(item.snapOnUbuntu && distribution === 'ubuntu'));
  if (distribution === 'other' || privilege === undefined || byApt.length === 0)
    return { byApt: [], commands: [] };
  // sudo drops the environment, so the setting travels on the command line as well.
  const quiet = [...privilege, 'env', 'DEBIAN_FRONTEND=noninteractive'];
  const packages = byApt.map((item) => item.package);
  return {
    byApt,
    commands: [
      [...quiet, ...aptUpdate],
      [...quiet, ...aptInstall, ...packages],
    ],
  };
}

/**
 * Says what is missing and the exact command that installs it.
 * @param {readonly SystemPackage[]} missing
 * @param {string} distribution
 */
export function advise(missing, distribution) {
  const snap = missing.filter((item) => item.snapOnUbuntu && distribution === 'ubuntu');
  const byApt = missing.filter((item) => !snap.includes(item));
  const lines = [`these programs are missing: ${names(missing)}.`];
  if (byApt.length > 0 && distribution !== 'other')
    lines.push(`Run: sudo apt-get update && sudo apt-get install -y ${names(byApt)}`);
  if (byApt.length > 0 && distribution === 'other')
    lines.push(`Install what your system calls them (Debian's names): ${names(byApt)}`);
  if (snap.length > 0)
    lines.push(
      "Ubuntu's chromium is a snap, which cannot be driven on a private display:",
      'install a Chromium that is not one, such as the google-chrome-stable .deb from Google.',
    );
  return lines.join('\n');
}

/**
 * `debian` or `ubuntu` when the machine is one or says it is like one.
 * @param {string} osRelease text of /etc/os-release
 */
export function distributionOf(osRelease) {
  const value = (/** @type {string} */ key) =>
    new RegExp(`^${key}="?([^"\n]*)"?$`, 'm').exec(osRelease)?.[1] ?? '';
  const ids = [value('ID'), ...value('ID_LIKE').split(' ')];
  return ids.find((id) => id === 'ubuntu' || id === 'debian') ?? 'other';
}

/** @returns {readonly string[] | undefined} */
function privilegePrefix() {
  if (process.getuid?.() === 0) return [];
  const sudo = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' });
  return sudo.status === 0 ? ['sudo', '-n'] : undefined;
}

/** @param {string} root @returns {SystemPackage[]} */
function readList(root) {
  return JSON.parse(readFileSync(join(root, 'scripts/system-packages.json'), 'utf8'));
}

function readOsRelease() {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return '';
  }
}

/** @param {readonly SystemPackage[]} list */
function names(list) {
  return list.map((item) => item.package).join(' ');
}
