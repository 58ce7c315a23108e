// How the three processes of the organisation are started: each from one settings file that only
// its owner may read, with secrets named by their paths.
import { fileURLToPath } from 'node:url';
import { writeFileDurably } from '@handrail/agent/home/files';
import { HandrailError } from '@handrail/core/errors';
import type { ServerSettings } from '@handrail/server/config';
import type { VaultConfig } from '@handrail/vault/config';
import type { Launch } from './child.ts';
import type { Layout } from './layout.ts';
import type { ProgrammeFile } from './programme-file.ts';

const serverMain = fileURLToPath(import.meta.resolve('@handrail/server/main'));
const keeperMain = fileURLToPath(import.meta.resolve('@handrail/vault/main'));
const witnessMain = fileURLToPath(new URL('../../witness/main.ts', import.meta.url));

export interface Place {
  readonly layout: Layout;
  readonly programme: ProgrammeFile;
}

/** `port` 0 takes any free one. */
export function witnessLaunch({ layout, programme }: Place, port: number): Launch {
  const files = ['--key', layout.witnessKey, '--state', layout.witnessState];
  const command = [witnessMain, ...files, '--port', String(port), '--log', programme.logVerifier];
  return { name: 'witness', command, log: layout.log('witness') };
}

export async function serverLaunch(
  { layout, programme }: Place,
  witnessUrl: string,
  port: number,
  databaseUrl: string | undefined,
): Promise<Launch> {
  const settings: ServerSettings = {
    dataFolder: layout.server,
    port,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    charterFile: layout.charter,
    noticeFile: layout.notice,
    foundingFile: layout.founding,
    vaultKey: programme.vaultKey,
    logKeyFile: layout.logKey,
    witnesses: [{ url: witnessUrl, verifierLine: programme.witnessVerifier }],
    inviteToken: programme.inviteToken,
  };
  return launch(layout, 'server', serverMain, settings);
}

export async function keeperLaunch({ layout }: Place, serverUrl: string): Promise<Launch> {
  const settings: VaultConfig = { serverUrl, vaultFolder: layout.vaultHome, workers: 1 };
  return launch(layout, 'vault', keeperMain, settings);
}

async function launch(layout: Layout, name: string, main: string, settings: object) {
  const path = layout.settings(name);
  await writeFileDurably(path, JSON.stringify(settings));
  return { name, command: [main, path], log: layout.log(name) };
}

/** The address in what a process said when it was ready. */
export function urlIn(ready: Readonly<Record<string, unknown>>): string {
  const { url } = ready;
  if (typeof url === 'string' && URL.canParse(url)) return url;
  throw new HandrailError('internal', 'A part of the organisation started without an address.');
}

export function portOf(url: string): number {
  return Number(new URL(url).port);
}
