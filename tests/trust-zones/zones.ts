// The trust zones as data: which package of ours may import which, and where the code that opens
// with participants' keys may be loaded. ARCHITECTURE says why.

export interface Zone {
  /** Name in package.json. */
  readonly name: string;
  readonly folder: string;
  readonly mayImport: readonly string[];
  /** Whether the platform's own modules (files, network, processes) may be imported. */
  readonly platform: boolean;
}

const core = '@handrail/core';
const policy = '@handrail/policy';
const agent = '@handrail/agent';
const extension = '@handrail/extension';
const server = '@handrail/server';
const vault = '@handrail/vault';
const consoleZone = '@handrail/console';
export const testbed = '@handrail/testbed';

export const zones: readonly Zone[] = [
  { name: core, folder: 'packages/core', mayImport: [], platform: false },
  { name: policy, folder: 'packages/policy', mayImport: [core], platform: false },
  { name: agent, folder: 'packages/agent', mayImport: [core], platform: true },
  { name: extension, folder: 'packages/extension', mayImport: [core], platform: false },
  { name: server, folder: 'packages/server', mayImport: [core, policy], platform: true },
  { name: vault, folder: 'packages/vault', mayImport: [core, policy], platform: true },
  { name: consoleZone, folder: 'packages/console', mayImport: [core], platform: false },
  {
    name: 'handrail',
    folder: 'packages/cli',
    mayImport: [core, agent, server, vault],
    platform: true,
  },
  {
    name: testbed,
    folder: 'packages/testbed',
    mayImport: [core, policy, agent, extension, server, vault, consoleZone, 'handrail'],
    platform: true,
  },
];

/** Sources that unwrap or use participants' keys, by how their path begins. */
export const participantKeyCode: readonly string[] = ['packages/core/src/open/', 'packages/vault/'];

/** Zones in which none of that code may be loaded, by whatever way. */
export const zonesWithoutKeys: readonly string[] = [agent, extension, server, consoleZone];

/** Commands that a participant runs: they never load the vault. */
export const participantCommands =
  /^packages\/cli\/src\/commands\/(agent|console|join|mine)(\/|[-.])/;

/** What every command loads before it knows which one it is. */
export const commandLineEntry = 'packages/cli/src/main.ts';

/** What measures leaks shares nothing with what is measured. */
export const canaryFolder = 'packages/cli/src/canary/';
export const recognisersFolder = 'packages/core/src/redact/';

export const vaultFolder = 'packages/vault/';
export const agentFolder = 'packages/agent';
