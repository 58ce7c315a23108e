// What a person of the charter works with: their keys, the programme they checked, and the line to
// its server.

import { readProgramme } from '@handrail/agent/enrol/programme';
import { clientOf } from '@handrail/agent/home/client';
import { HandrailError } from '@handrail/core/errors';
import type { Signer } from '@handrail/core/seal';
import { type Charter, personOf, programmeFingerprint } from '@handrail/core/statement';
import { type ClientContext, call, publicRoutes } from '@handrail/core/wire';
import { loadPerson, type Person, personSigner, savePerson } from './person.ts';

export interface Desk {
  readonly person: Person;
  readonly signer: Signer;
  readonly charter: Charter;
  /** Ed25519, base64url. */
  readonly vaultKey: string;
  readonly client: ClientContext;
}

/** Throws `usage.invalid` without an address, `access.denied` where the charter has no such key. */
export async function openDesk(home: string, url: string | undefined): Promise<Desk> {
  const person = await loadPerson(home);
  const address = url ?? person.programme?.url;
  if (address === undefined) {
    throw new HandrailError(
      'usage.invalid',
      'Name the server with --url: this home knows none yet.',
    );
  }
  if (!URL.canParse(address)) throw new HandrailError('usage.invalid', 'Give --url an address.');
  const fingerprint = person.programme?.fingerprint ?? (await fingerprintAt(address));
  const { charter, vaultKey, fingerprint: newest } = await readProgramme(address, fingerprint);
  if (personOf(charter.payload, person.publicKey) === undefined) {
    throw new HandrailError(
      'access.denied',
      'The charter of this programme does not name your key.',
    );
  }
  const { programme: known } = person;
  if (known?.vaultKey !== vaultKey || known.fingerprint !== newest) {
    const programme = { url: known?.url ?? address, fingerprint: newest, vaultKey };
    await savePerson(home, { ...person, programme });
  }
  const signer = await personSigner(person);
  const client = clientOf(address, signer);
  return { person, signer, charter: charter.payload, vaultKey, client };
}

// The first time a home meets a programme it keeps what it saw; from then on nothing else counts.
async function fingerprintAt(url: string): Promise<string> {
  const { vaultKey, charter } = await call(clientOf(url, undefined), publicRoutes.programme, {});
  return programmeFingerprint(vaultKey, charter.payload);
}

/** Now, in the form that statements carry. */
export function instantNow(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}
