// Leaving: at once on this device, where nothing that waited to be sent is left, and at the
// organisation as soon as there is a line.
import { fromBase64url } from '@handrail/core/bytes';
import { canonicalBytes } from '@handrail/core/canonical-json';
import { commitment, decodeEntry, readEntries } from '@handrail/core/ledger';
import { sign } from '@handrail/core/statement';
import { call, deviceRoutes, ledgerReader, policyOf } from '@handrail/core/wire';
import { clientOf } from '../home/client.ts';
import { type Device, deviceSigner, type Home } from '../home/home.ts';
import { followLedger } from '../ledger/known-ledger.ts';
import { Spool } from '../spool/spool.ts';
import { readProgramme } from './programme.ts';

/** Throws `unreachable` where the organisation is not told yet; it holds here all the same. */
export async function withdraw(home: Home, kind: 'withdrawal' | 'erasure'): Promise<void> {
  const device = await home.device();
  await home.saveDevice({ ...device, withdrawn: true, leaving: kind });
  const spool = await Spool.open(home.path('spool'));
  for (const { id } of spool.notes()) await spool.drop(id);
  await tellLeaving(home);
}

/** Tells the organisation what it has not been told yet, signed as of now. */
export async function tellLeaving(home: Home): Promise<void> {
  const { leaving, ...device } = await home.device();
  if (leaving === undefined) return;
  const signer = await deviceSigner(device);
  const { programme, pseudonym, consentEpoch } = device.consent.payload;
  const common = { v: 1, programme, pseudonym, consentEpoch, at: instantNow() } as const;
  const statement =
    leaving === 'withdrawal'
      ? await sign({ ...common, kind: 'withdrawal' as const }, signer)
      : await sign({ ...common, kind: 'erasure' as const }, signer);
  const client = clientOf(device.url, signer);
  const { index, salt } = await call(client, deviceRoutes.state, { body: { statement } });
  await home.saveDevice({ ...device, left: { statement, index, salt, isProven: false } });
  await proveLeaving(home).catch(() => undefined);
}

/**
 * Looks for itself whether the ledger holds what the organisation was told: it says so once a
 * checkpoint that the charter's witnesses signed has a leaf that commits to this very statement.
 */
export async function proveLeaving(home: Home): Promise<void> {
  const device = await home.device();
  const { left, url, fingerprint } = device;
  if (left === undefined || left.isProven) return;
  const reader = ledgerReader(clientOf(url, undefined));
  const { charter } = await readProgramme(url, fingerprint);
  const followed = await followLedger(home, reader, policyOf(charter.payload), Date.now());
  if (followed.kind !== 'continues' || left.index >= followed.checkpoint.size) return;
  for await (const { bytes } of readEntries(reader, followed.checkpoint, left.index)) {
    const entry = decodeEntry(bytes);
    const same = commitment(fromBase64url(left.salt), canonicalBytes(left.statement));
    const isProven = entry.kind === 'statement.accepted' && entry.commitment === same;
    await home.saveDevice({ ...(await home.device()), left: { ...left, isProven } });
    return;
  }
}

/** Why its owner should not rely on having left yet; undefined: nothing stands open. */
export function whyNotLeft({ leaving, left }: Device): string | undefined {
  if (leaving) return 'The organisation has not been told yet that you have left.';
  if (left === undefined || left.isProven) return undefined;
  return 'That you have left is not proven in the ledger yet: if it stays so, tell your officer.';
}

export function instantNow(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}
