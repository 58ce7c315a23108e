// `mine certificate`: what the vault signed of the destruction of what was given here. It is kept
// in this home, and checked each time against the vault's key that was pinned at joining.

import { readProgramme } from '@handrail/agent/enrol/programme';
import { clientOf } from '@handrail/agent/home/client';
import { readFileIfAny, writeFileDurably } from '@handrail/agent/home/files';
import { type Device, deviceSigner, Home } from '@handrail/agent/home/home';
import { fromUtf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import {
  type ErasureCertificate,
  erasureCertificateSchema,
  type Signed,
  signedSchema,
  signersOf,
} from '@handrail/core/statement';
import { call, deviceRoutes, ledgerReader, policyOf } from '@handrail/core/wire';
import { isCertified } from '../../home/ledger.ts';
import type { Session } from '../../session.ts';

const signedCertificate = signedSchema(erasureCertificateSchema);

/** Gives 1 where there is none yet, or where the ledger says otherwise. */
export async function run({ home, out }: Session): Promise<number> {
  const place = new Home(home);
  const device = await place.device();
  const told = await fetched(place, device);
  const certificate = told ?? (await kept(place));
  if (certificate === undefined) {
    out.print({ certificate: null }, ['Nothing of yours was destroyed yet: see handrail status.']);
    return 1;
  }
  await requireOwn(device, certificate);
  const inLedger = told === undefined ? null : await inLedgerOf(device, certificate);
  out.print({ certificate, signed: true, inLedger }, linesOf(certificate.payload, inLedger));
  return inLedger === false ? 1 : 0;
}

/** Undefined where the organisation cannot be reached; kept here once it is known to be right. */
async function fetched(place: Home, device: Device) {
  const client = clientOf(device.url, await deviceSigner(device));
  const told = await call(client, deviceRoutes.erasure, {}).catch(unlessUnreachable);
  if (!told?.certificate) return undefined;
  await requireOwn(device, told.certificate);
  await writeFileDurably(path(place), JSON.stringify(told.certificate));
  return told.certificate;
}

async function kept(place: Home): Promise<Signed<ErasureCertificate> | undefined> {
  const bytes = await readFileIfAny(path(place));
  return bytes && signedCertificate.parse(JSON.parse(fromUtf8(bytes)));
}

async function requireOwn(
  { vaultKey, programme, pseudonym }: Device,
  certificate: Signed<ErasureCertificate>,
): Promise<void> {
  const { payload } = certificate;
  const isOurs = payload.programme === programme && payload.pseudonym === pseudonym;
  if (isOurs && (await signersOf(certificate)).has(vaultKey)) return;
  throw new HandrailError('signature.invalid', 'This certificate is not of your vault about you.');
}

async function inLedgerOf(
  { url, fingerprint }: Device,
  { payload }: Signed<ErasureCertificate>,
): Promise<boolean> {
  const { charter } = await readProgramme(url, fingerprint);
  const reader = ledgerReader(clientOf(url, undefined));
  return isCertified(reader, policyOf(charter.payload), payload);
}

function linesOf(certificate: ErasureCertificate, inLedger: boolean | null): readonly string[] {
  const { at, keys, objects, asked, shredded } = certificate;
  const ledger = {
    true: 'Both entries stand in the ledger as the certificate says.',
    false: 'THE LEDGER SAYS OTHERWISE: keep the certificate, and tell your officer.',
    null: 'The ledger was not asked: the organisation cannot be reached.',
  }[`${inLedger}`];
  return [
    `On ${at} the vault destroyed ${keys} keys of yours; signed by the vault you joined.`,
    `The server says that it deleted ${objects.segments} segments and ` +
      `${objects.trajectories} trajectories.`,
    'Who had read any of it is told for 30 days more: fetch it with "handrail mine reads".',
    `Ledger: you asked in entry ${asked}, the keys went in entry ${shredded.index}.`,
    ledger,
  ];
}

function path(place: Home): string {
  return place.path('erasure-certificate.json');
}

function unlessUnreachable(error: unknown): undefined {
  const passes = error instanceof HandrailError && ['unreachable', 'timeout'].includes(error.code);
  if (!passes) throw error;
}
