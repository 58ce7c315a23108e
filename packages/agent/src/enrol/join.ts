// Joining and accepting: the device makes its keys, signs what was shown, and keeps a copy of it.

import { toBase64url } from '@handrail/core/bytes';
import {
  consentTo,
  type Invite,
  type Programme,
  requireApproved,
  shownBy,
} from '@handrail/core/device';
import { HandrailError } from '@handrail/core/errors';
import { newSealKeyPair, newSigningSeed, signerFromSeed } from '@handrail/core/seal';
import { type ManifestStatement, manifestHash, type Signed, sign } from '@handrail/core/statement';
import { call, deviceRoutes } from '@handrail/core/wire';
import { clientOf } from '../home/client.ts';
import { type Device, deviceSigner, type Home } from '../home/home.ts';
import { readProgramme } from './programme.ts';
import { instantNow, tellLeaving } from './withdraw.ts';

export { withdraw } from './withdraw.ts';

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
  if (before?.leaving) await tellLeaving(home);
  const signingSeed = newSigningSeed();
  const signer = await signerFromSeed(signingSeed);
  const reading = await newSealKeyPair();
  const payload = consentTo(programme, {
    deviceKey: signer.publicKey,
    readingKey: reading.publicKey,
    at: instantNow(),
  });
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
  await home.saveRunState({ programmeEpoch: 1 });
  return device;
}

/** Signs consent to the manifest that is active now; also renews the consent's date. */
export async function accept(home: Home, programme?: Programme): Promise<Device> {
  const device = await home.device();
  const shown = programme ?? (await readProgramme(device.url, device.fingerprint));
  if (device.manifest) await requireApproved(shown, device.manifest.payload.manifest);
  const signer = await deviceSigner(device);
  const payload = { ...device.consent.payload, ...shownBy(shown), at: instantNow() };
  const statement = await sign(payload, signer);
  await call(clientOf(device.url, signer), deviceRoutes.state, { body: { statement } });
  const { manifest, fingerprint } = shown;
  const next = { ...device, consent: statement, manifest, fingerprint };
  await home.saveDevice(next);
  return next;
}

/** Signs the consent again with a later date, for the same manifest or a narrower one. */
export async function renew(home: Home, manifest: Signed<ManifestStatement>): Promise<void> {
  const before = await home.device();
  const signer = await deviceSigner(before);
  const hash = manifestHash(manifest.payload);
  const payload = { ...before.consent.payload, manifest: hash, at: instantNow() };
  const consent = await sign(payload, signer);
  await call(clientOf(before.url, signer), deviceRoutes.state, { body: { statement: consent } });
  // Something else may have been accepted or withdrawn meanwhile, which holds then.
  const now = await home.device();
  const isSame = now.consent.payload.at === before.consent.payload.at && !now.withdrawn;
  if (isSame) await home.saveDevice({ ...now, consent, manifest });
}
