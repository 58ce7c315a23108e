// `database prepare`: what only an administrator of the cluster can do, so that no server needs to.
import { readFile } from 'node:fs/promises';
import { HandrailError } from '@handrail/core/errors';
import { ownerRole, serverRole } from '@handrail/server/storage/postgres-roles';
import { prepareDatabase } from '@handrail/server/storage/prepare-database';
import type { Session } from '../../session.ts';
import type { DatabaseOptions } from './command.ts';

const passwordLettersMin = 12;

export async function run({ out }: Session, options: DatabaseOptions): Promise<undefined> {
  const { adminUrl, passwordFile } = options;
  if (!/^postgres(ql)?:\/\//.test(adminUrl)) {
    throw new HandrailError('usage.invalid', 'Give an address such as postgres://admin@host/name.');
  }
  const serverPassword = passwordFile === undefined ? undefined : await passwordIn(passwordFile);
  await out.during('Preparing', prepareDatabase({ adminUrl, serverPassword }));
  out.print({ serverRole, ownerRole }, [
    `The database is ready. Its tables belong to ${ownerRole}, which nobody signs in as.`,
    `Let the server sign in as ${serverRole}: postgres://${serverRole}@…`,
  ]);
}

async function passwordIn(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new HandrailError('usage.invalid', `${path} cannot be read.`, { cause });
  });
  const password = text.trimEnd();
  if (password.length >= passwordLettersMin) return password;
  throw new HandrailError('usage.invalid', `A password has ${passwordLettersMin} letters or more.`);
}
