// Joining and accepting: the device makes its keys, signs what was shown, and keeps a copy of it.

import { toBase64url, toHex, utf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { idOf } from '@handrail/core/ids';
import { newSealKeyPair, newSigningSeed, randomBytes, signerFromSeed } from '@handrail/core/seal';
import { type Consent, manifestHash, sign } from '@handrail/core/statement';
import { call, deviceRoutes } from '@handrail/core/wire';
import { sha256 } from '@noble/hashes/sha2.js';
import { clientOf } from '../home/client.ts';
import { type Device, deviceSigner, type Home } from '../home/home.ts';
import { type Invite, type Programme, readProgramme } from './programme.ts';

/** Joins with fresh keys. Throws `state.conflict` where this home already takes part. */
export async function join(
  home: Home,
  url: string,
  invite: Invite,
  name: string,
  programme: Programme,
): Promise<Device> {
  const before = await home.deviceIfAny();
  if (before && !before.withdrawn) {
    throw new HandrailError('state.conflict', 'This home has already joined a programme.');
  }
  const signingSeed = newSigningSeed();
  const signer = await signerFromSeed(signingSeed);
  const reading = await newSealKeyPair();
  const payload: Consent = {
    v: 1,
    kind: 'consent',
    programme: programme.charter.payload.programme,
    pseudonym: idOf('part', randomBytes(32)),
    consentEpoch: 1,
    at: instantNow(),
    device: idOf('dev', signer.publicKey),
    deviceKey: toBase64url(signer.publicKey),
    readingKey: toBase64url(reading.publicKey),
    ...shownBy(programme),
  };
  const consent = await sign(payload, signer);
  const body = { invite: invite.token, name, consent };
  await call(clientOf(url, signer), deviceRoutes.join, { body });
  const device: Device = {
    v: 1,
    url,
    programme: payload.programme,
    fingerprint: programme.fingerprint,
    vaultKey: programme.vaultKey,
    device: payload.device,
    pseudonym: payload.pseudonym,
    signingSeed: toBase64url(signingSeed),
    readingKey: toBase64url(reading.privateKey),
    consent,
    manifest: programme.manifest,
    withdrawn: false,
  };
  await home.saveDevice(device);
  return device;
}

/** Signs consent to the manifest that is active now; also renews the consent's date. */
export async function accept(home: Home, programme?: Programme): Promise<Device> {
  const device = await home.device();
  const shown = programme ?? (await readProgramme(device.url, device.fingerprint));
  const signer = await deviceSigner(device);
  const payload = { ...device.consent.payload, ...shownBy(shown), at: instantNow() };
  const statement = await sign(payload, signer);
  await call(clientOf(device.url, signer), deviceRoutes.state, { body: { statement } });
  const next = { ...device, consent: statement, manifest: shown.manifest };
  await home.saveDevice(next);
  return next;
}

/** Withdraws: at once on this device, and at the organisation as soon as there is a line. */
export async function withdraw(home: Home, kind: 'withdrawal' | 'erasure'): Promise<void> {
  const device = await home.device();
  await home.saveDevice({ ...device, withdrawn: true });
  const signer = await deviceSigner(device);
  const { programme, pseudonym, consentEpoch } = device.consent.payload;
  const common = { v: 1, programme, pseudonym, consentEpoch, at: instantNow() } as const;
  const statement =
    kind === 'withdrawal'
      ? await sign({ ...common, kind: 'withdrawal' as const }, signer)
      : await sign({ ...common, kind: 'erasure' as const }, signer);
  await call(clientOf(device.url, signer), deviceRoutes.state, { body: { statement } });
}

function shownBy(programme: Programme): Pick<Consent, 'manifest' | 'notice' | 'fingerprint'> {
  const { manifest, notice, fingerprint } = programme;
  return {
    manifest: manifest === null ? null : manifestHash(manifest.payload),
    notice: toHex(sha256(utf8(notice))),
    fingerprint,
  };
}

export function instantNow(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}
