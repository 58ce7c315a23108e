// Joining, accepting again and leaving, signed by keys that never leave this browser.
import { consentTo, type Invite, type Programme, shownBy } from '@handrail/core/device';
import { HandrailError } from '@handrail/core/errors';
import { type ManifestStatement, manifestHash, type Signed, sign } from '@handrail/core/statement';
import { call, deviceRoutes } from '@handrail/core/wire';
import { clientOf } from './client.ts';
import { type Device, type Store, signerOf } from './store.ts';

/** Joins with fresh keys. Throws `state.conflict` where this browser already takes part. */
export async function join(
  store: Store,
  { url, invite, name }: { readonly url: string; readonly invite: Invite; readonly name: string },
  programme: Programme,
): Promise<void> {
  const before = await store.device();
  if (before && before.left !== 'told') {
    throw new HandrailError('state.conflict', 'This browser has already joined a programme.');
  }
  const signing = await freshPair('Ed25519', ['sign', 'verify']);
  const reading = await freshPair('X25519', ['deriveBits']);
  const signer = await signerOf(signing);
  const readingKey = new Uint8Array(await crypto.subtle.exportKey('raw', reading.publicKey));
  const keys = { deviceKey: signer.publicKey, readingKey, at: instantNow() };
  const consent = await sign(consentTo(programme, keys), signer);
  const body = { invite: invite.token, name, consent };
  await call(clientOf(url, signer), deviceRoutes.join, { body });
  const { fingerprint, vaultKey, manifest } = programme;
  await store.saveDevice({ url, fingerprint, vaultKey, signing, reading, consent, manifest });
  await store.saveRunState({ programmeEpoch: 1 });
}

/** Signs consent to what was shown just now. */
export async function accept(store: Store, device: Device, shown: Programme): Promise<void> {
  const signer = await signerOf(device.signing);
  const payload = { ...device.consent.payload, ...shownBy(shown), at: instantNow() };
  const statement = await sign(payload, signer);
  await call(clientOf(device.url, signer), deviceRoutes.state, { body: { statement } });
  const { manifest, fingerprint } = shown;
  await store.saveDevice({ ...device, consent: statement, manifest, fingerprint });
}

/** The same consent with a later date, for the same manifest or a narrower one. */
export async function renew(
  store: Store,
  device: Device,
  manifest: Signed<ManifestStatement>,
): Promise<void> {
  const signer = await signerOf(device.signing);
  const hash = manifestHash(manifest.payload);
  const payload = { ...device.consent.payload, manifest: hash, at: instantNow() };
  const consent = await sign(payload, signer);
  await call(clientOf(device.url, signer), deviceRoutes.state, { body: { statement: consent } });
  const now = await store.device();
  const isSame = now?.consent.payload.at === device.consent.payload.at && !now.left;
  if (isSame) await store.saveDevice({ ...now, consent, manifest });
}

/** Stops here at once; the organisation is told by `tellLeaving`, as soon as there is a line. */
export async function leave(store: Store): Promise<void> {
  const device = await store.device();
  if (!device || device.left) return;
  await store.saveDevice({ ...device, left: 'here' });
  for (const { note } of await store.segments()) await store.remove('segments', note.id);
}

export async function tellLeaving(store: Store, device: Device): Promise<void> {
  const signer = await signerOf(device.signing);
  const { programme, pseudonym, consentEpoch } = device.consent.payload;
  const common = { v: 1, kind: 'withdrawal', at: instantNow() } as const;
  const statement = await sign({ ...common, programme, pseudonym, consentEpoch }, signer);
  await call(clientOf(device.url, signer), deviceRoutes.state, { body: { statement } });
  await store.saveDevice({ ...device, left: 'told' });
}

async function freshPair(name: string, uses: KeyUsage[]): Promise<CryptoKeyPair> {
  return (await crypto.subtle.generateKey({ name }, false, uses)) as CryptoKeyPair;
}

function instantNow(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}
