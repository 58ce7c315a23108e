// What is copied, and what never is. The record (ledger, statements, journal) is what a restored
// backup of any age needs besides itself, so that what people took back since stays taken back.
import { dirname, join } from 'node:path';
import { neverBackedUp } from '@handrail/vault/keeper/keys/key-root';
import { identityName } from '@handrail/vault/secrets';
import type { Layout } from '../commands/up/layout.ts';
import type { Take } from './copy-tree.ts';

export interface Places {
  /** Database, objects, ledger and journal. */
  readonly server: string;
  /** Charter, notice and the log's key. */
  readonly programme: string;
  /** The vault's folder; only what it must not forget is taken out of it, and none of its keys. */
  readonly vault: string;
}

export function placesOf(layout: Layout): Places {
  const { server, programme, vaultHome } = layout;
  return { server, programme: dirname(programme), vault: vaultHome };
}

/** The same folders inside a backup. */
export function placesIn(backup: string): Places {
  return {
    server: join(backup, 'server'),
    programme: join(backup, 'programme'),
    vault: join(backup, 'vault'),
  };
}

export const ledgerOf = ({ server }: Pick<Places, 'server'>) => join(server, 'ledger');
export const journalOf = ({ server }: Pick<Places, 'server'>) => join(server, 'journal');
export const databaseOf = ({ server }: Pick<Places, 'server'>) => join(server, 'database');
export const objectsOf = ({ server }: Pick<Places, 'server'>) => join(server, 'objects');
export const statementsOf = (places: Pick<Places, 'server'>) =>
  join(objectsOf(places), 'statements');

/** Half-written files and locks are no content. */
export const content: Take = (path) => !/(^|\/)\.aside\/|\.lock$|\.new$/.test(path);

const vaultKeys = [...neverBackedUp, identityName];

/** Without its root a vault never starts again, so its identity is of use to nobody but a thief. */
export const vaultState: Take = (path) => content(path) && !vaultKeys.includes(path);
