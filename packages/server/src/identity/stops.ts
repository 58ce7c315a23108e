// What a login may do: stop. A stolen one can do no more than that, and what it stopped goes on
// only by keys.
import { HandrailError } from '@handrail/core/errors';
import type { ServerContext } from '../context.ts';
import { allows, personAsking } from '../governance/access.ts';
import type { LoginHolder } from './logins.ts';

/** Stops leases and openings at once, until the charter's persons sign a resume. */
export async function stopProgramme(context: ServerContext, by: LoginHolder): Promise<undefined> {
  const { programme } = context.charter.payload;
  const mayStop =
    by.kind === 'person' &&
    allows(context, personAsking(by.person), { action: 'programme.halt', programme });
  if (!mayStop) throw notTheirs();
  return context.statements.inTurn(async () => {
    if (!context.programme.inForce.halted) await context.statements.stopByLogin(by.person.id);
    return undefined;
  });
}

/**
 * Ends the participant's own device at this server, where it may then withdraw and erase. The vault
 * takes no login's word: for it a key has to sign (governance/devices.ts).
 */
export async function stopDevice(context: ServerContext, by: LoginHolder): Promise<undefined> {
  if (by.kind !== 'participant') throw notTheirs();
  const { device_key: key } = by.participant;
  await context.facts.record({ kind: 'key-stopped', key, why: 'device-lost' });
  await context.programme.changed();
  return undefined;
}

function notTheirs(): HandrailError {
  return new HandrailError('access.denied', 'This login may not stop that.');
}
