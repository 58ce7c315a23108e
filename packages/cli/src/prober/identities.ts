// Who probes: nobody, a stranger's key, participants without data, a researcher without grants, and
// the prober itself. None of them has a right to anything that is about anyone.
import { join as path } from 'node:path';
import { accept, join, withdraw } from '@handrail/agent/enrol/join';
import { readProgramme } from '@handrail/agent/enrol/programme';
import { deviceSigner, Home } from '@handrail/agent/home/home';
import type { Invite } from '@handrail/core/device';
import { newSigningSeed, type Signer, signerFromSeed } from '@handrail/core/seal';
import { loadPerson, personSigner } from '../home/person.ts';
import type { Standing } from './judge.ts';

export interface Identity extends Standing {
  /** Undefined: requests are not signed. */
  readonly signer: Signer | undefined;
}

export interface Place {
  readonly url: string;
  readonly fingerprint: string;
  /** The prober's. */
  readonly home: string;
  /** Undefined: who has not joined yet cannot. */
  readonly invite: Invite | undefined;
}

const renewAfterMs = 86_400_000;
const nothing = { knows: [], told: [] } as const;

export interface Identities {
  readonly all: readonly Identity[];
  /** Identities that cannot be had now. */
  readonly missing: readonly string[];
}

export async function identitiesOf(place: Place): Promise<Identities> {
  const some: Identity[] = [
    { name: 'nobody', signer: undefined, callers: ['anyone'], ...nothing },
    {
      name: 'stranger',
      signer: await signerFromSeed(newSigningSeed()),
      callers: ['anyone', 'new-device'],
      ...nothing,
    },
    await person(place.home, 'prober', { knows: ['incident'], told: [probersOwn] }),
  ];
  const missing: string[] = [];
  for (const make of [researcher, idle, withdrawn]) {
    const made = await make(place);
    if (typeof made === 'string') missing.push(made);
    else some.push(made);
  }
  return { all: some, missing };
}

/** The way by which the prober learns what exists. */
const probersOwn = 'GET /v1/probes/targets';

const releaseFacts = ['GET /v1/releases', 'GET /v1/releases/{id}'];

async function person(
  home: string,
  name: string,
  knowing: Pick<Standing, 'knows' | 'told'>,
): Promise<Identity> {
  const signer = await personSigner(await loadPerson(home));
  return { name, signer, callers: ['anyone', 'new-device', 'person'], ...knowing };
}

/** Releases, with the grants that they were built under, and manifests are known to all persons. */
async function researcher({ home }: Place): Promise<Identity | string> {
  const name = 'researcher without grants';
  const knowing = { knows: ['release', 'manifest'], told: releaseFacts };
  return person(researcherHomeOf(home), name, knowing).catch(() => name);
}

export function researcherHomeOf(proberHome: string): string {
  return path(proberHome, 'researcher');
}

async function idle(place: Place): Promise<Identity | string> {
  const name = 'participant without data';
  const home = await joined(place, 'participant');
  if (home === undefined) return name;
  const { consent } = await home.device();
  if (Date.parse(consent.payload.at) < Date.now() - renewAfterMs) {
    await accept(home, await readProgramme(place.url, place.fingerprint));
  }
  return device(home, name);
}

async function withdrawn(place: Place): Promise<Identity | string> {
  const name = 'withdrawn participant';
  const home = await joined(place, 'withdrawn');
  if (home === undefined) return name;
  const { withdrawn: isWithdrawn, leaving } = await home.device();
  if (!isWithdrawn || leaving !== undefined) await withdraw(home, 'withdrawal');
  return device(home, name);
}

async function device(home: Home, name: string): Promise<Identity> {
  const signer = await deviceSigner(await home.device());
  return { name, signer, callers: ['anyone', 'new-device', 'device'], ...nothing };
}

async function joined(place: Place, name: string): Promise<Home | undefined> {
  const { url, invite, fingerprint } = place;
  const home = new Home(path(place.home, name));
  if (await home.deviceIfAny()) return home;
  if (invite === undefined) return undefined;
  await join(home, url, invite, 'Probe', await readProgramme(url, fingerprint));
  return home;
}
