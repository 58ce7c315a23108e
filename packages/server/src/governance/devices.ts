// The end of a device by a statement, which the vault follows as well: by the device itself, or by
// whoever may stop the programme.
import { HandrailError } from '@handrail/core/errors';
import {
  type DeviceRevocation,
  type Person,
  type Signed,
  signersOf,
  statementDigest,
} from '@handrail/core/statement';
import type { ServerContext } from '../context.ts';
import type { ParticipantRow } from '../storage/tables.ts';
import { allows, personAsking } from './access.ts';

/** Throws `access.denied`, `signature.invalid`. */
export async function revokeOwnDevice(
  context: ServerContext,
  statement: Signed<DeviceRevocation>,
  { pseudonym, device_key: key }: ParticipantRow,
): Promise<undefined> {
  if (statement.payload.pseudonym !== pseudonym) {
    throw new HandrailError('access.denied', 'A device ends only itself.');
  }
  return accept(context, statement, key);
}

/** Throws `access.denied`, `signature.invalid`, `not.found`. */
export async function revokeDeviceOf(
  context: ServerContext,
  statement: Signed<DeviceRevocation>,
  caller: Person,
): Promise<undefined> {
  const { programme } = context.charter.payload;
  if (!allows(context, personAsking(caller), { action: 'device.revoke', programme })) {
    throw new HandrailError('access.denied', 'Stewards, officers and incident commanders do this.');
  }
  const known = await context.db
    .selectFrom('participant')
    .select('pseudonym')
    .where('pseudonym', '=', statement.payload.pseudonym)
    .executeTakeFirst();
  if (known === undefined) throw new HandrailError('not.found', 'There is no such participant.');
  return accept(context, statement, caller.publicKey);
}

async function accept(
  { statements, charter }: ServerContext,
  statement: Signed<DeviceRevocation>,
  signer: string,
): Promise<undefined> {
  if (!(await signersOf(statement)).has(signer)) {
    throw new HandrailError('signature.invalid', 'The statement is not signed by who sends it.');
  }
  if (statement.payload.programme !== charter.payload.programme) {
    throw new HandrailError('state.conflict', 'This is another programme.');
  }
  return statements.inTurn(async () => {
    const known = await statements.leafOf(statementDigest(statement));
    if (known === undefined) await statements.accept(statement);
    return undefined;
  });
}
