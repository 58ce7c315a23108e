// Real permissions, beside what the server answers: whether other accounts reach the organisation's
// folders, and what the server finds in its own database.
import type { ProbeFinding } from '@handrail/core/statement';
import { type ClientContext, call, incidentRoutes } from '@handrail/core/wire';
import { openKeys, openToOthers } from '@handrail/server/storage/open-to-others';

/** Where the organisation keeps things on this machine. */
export interface Folders {
  readonly data: string;
  /** Keys: every file of theirs is its owner's alone. */
  readonly vault: string;
  readonly people: string;
}

export interface Permissions {
  readonly paths: readonly { readonly path: string; readonly identity: string }[];
  readonly findings: readonly ProbeFinding[];
}

const anyAccount = 'any account';
const anyRole = 'any role';

export async function readPermissions(
  client: ClientContext,
  folders: Folders | undefined,
): Promise<Permissions> {
  const { open } = await call(client, incidentRoutes.probeStorage, {});
  const found = folders === undefined ? [] : await openFolders(folders);
  const local = folders === undefined ? [] : ['data', 'vault', 'people'];
  return {
    paths: [
      ...['server', ...local].map((name) => ({ path: `folder ${name}`, identity: anyAccount })),
      { path: 'tables', identity: anyRole },
    ],
    findings: [...open, ...found],
  };
}

async function openFolders({ data, vault, people }: Folders): Promise<readonly ProbeFinding[]> {
  const finding = (path: string) => ({ path, identity: anyAccount, what: 'open' }) as const;
  return [
    ...(await openToOthers(data)).map((place) => finding(`folder data${place}`)),
    ...(await openKeys(vault)).map((place) => finding(`folder vault${place}`)),
    ...(await openKeys(people)).map((place) => finding(`folder people${place}`)),
  ];
}
