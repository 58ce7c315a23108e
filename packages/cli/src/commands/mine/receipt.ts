// `mine receipt`: what was agreed to here, as the device signed it, and the proof that it stands in
// the ledger. It is kept in this home, so that it can be shown when nobody can be reached.
import { clientOf } from '@handrail/agent/home/client';
import { readFileIfAny, writeFileDurably } from '@handrail/agent/home/files';
import { type Device, deviceSigner, Home } from '@handrail/agent/home/home';
import { followLedger } from '@handrail/agent/ledger/known-ledger';
import { fromBase64url, fromUtf8, toBase64url } from '@handrail/core/bytes';
import { canonicalBytes } from '@handrail/core/canonical-json';
import { HandrailError } from '@handrail/core/errors';
import {
  type Checkpoint,
  commitment,
  decodeEntry,
  formatProofFile,
  type LedgerReader,
  proveInclusion,
  readEntries,
  tileHashReader,
} from '@handrail/core/ledger';
import {
  type Charter,
  type ConsentReceipt,
  consentReceipt,
  consentReceiptSchema,
  programmeFingerprint,
  statementDigest,
} from '@handrail/core/statement';
import {
  call,
  deviceRoutes,
  ledgerReader,
  type OwnStatement,
  policyOf,
  publicRoutes,
} from '@handrail/core/wire';
import type { Session } from '../../session.ts';

export async function run({ home: folder, out }: Session): Promise<undefined> {
  const home = new Home(folder);
  const receipt = await out.during('Asking for the receipt', newest(home)).catch(async (error) => {
    const kept = isAway(error) ? await keptReceipt(home) : undefined;
    if (kept === undefined) throw error;
    out.note('The organisation cannot be reached: this is the receipt that is kept here.');
    return kept;
  });
  out.print(receipt, linesOf(receipt));
}

async function newest(home: Home): Promise<ConsentReceipt> {
  const device = await home.device();
  const client = clientOf(device.url, await deviceSigner(device));
  const { charter, charters } = await call(client, publicRoutes.programme, {});
  const { statements } = await call(client, deviceRoutes.myStatements, {});
  const own = await ownConsent(device, statements);
  const reader = ledgerReader(client);
  const followed = await followLedger(home, reader, policyOf(charter.payload), Date.now());
  if (followed.kind !== 'continues') {
    throw new HandrailError('ledger.unverified', `The ledger is not believed: ${followed.reason}.`);
  }
  const receipt = consentReceipt({
    consent: device.consent,
    charter: charterOf(
      device,
      [charter, ...charters].map(({ payload }) => payload),
    ),
    manifest: device.manifest?.payload.manifest ?? null,
    events: statements.map(eventOf),
    proof: await proofOf(reader, followed, own),
  });
  await writeFileDurably(path(home), JSON.stringify(receipt));
  return receipt;
}

/** The consent that this device signed, where the server says that it stands. */
async function ownConsent({ consent }: Device, statements: readonly OwnStatement[]) {
  const digest = statementDigest(consent);
  const own = statements.find(({ statement }) => statementDigest(statement) === digest);
  if (own !== undefined) return own;
  throw new HandrailError('ledger.unverified', 'The server shows no record of your consent.');
}

/** Only what the vault's key and the consent together name. */
function charterOf({ vaultKey, consent }: Device, charters: readonly Charter[]): Charter {
  const { fingerprint } = consent.payload;
  const named = charters.find((one) => programmeFingerprint(vaultKey, one) === fingerprint);
  if (named !== undefined) return named;
  throw new HandrailError('signature.invalid', 'The charter that you agreed to is not shown.');
}

async function proofOf(
  reader: LedgerReader,
  { checkpoint, bytes }: { readonly checkpoint: Checkpoint; readonly bytes: Uint8Array },
  { index, salt, statement }: OwnStatement,
): Promise<ConsentReceipt['proof']> {
  const entry = await entryBytes(reader, checkpoint, index);
  const committed = commitment(fromBase64url(salt), canonicalBytes(statement));
  if (entry === undefined || decodeEntry(entry).commitment !== committed) {
    throw new HandrailError('ledger.unverified', 'The ledger says something else of your consent.');
  }
  const proof = await proveInclusion(
    tileHashReader(reader, checkpoint.size),
    index,
    checkpoint.size,
  );
  const inclusion = formatProofFile({ index, proof, checkpoint: bytes, extra: entry });
  return { salt, entry: toBase64url(entry), inclusion };
}

async function entryBytes(reader: LedgerReader, checkpoint: Checkpoint, index: number) {
  for await (const { bytes } of readEntries(reader, checkpoint, index)) return bytes;
  return undefined;
}

function eventOf({
  index,
  statement: { payload },
}: OwnStatement): ConsentReceipt['events'][number] {
  return {
    event_type: payload.kind,
    event_state: payload.kind === 'consent' ? 'given' : 'withdrawn',
    event_time: payload.at,
    consent_epoch: payload.consentEpoch,
    ledger_index: index,
  };
}

async function keptReceipt(home: Home): Promise<ConsentReceipt | undefined> {
  const bytes = await readFileIfAny(path(home));
  return bytes && consentReceiptSchema.parse(JSON.parse(fromUtf8(bytes)));
}

function path(home: Home): string {
  return home.path('consent-receipt.json');
}

function isAway(error: unknown): boolean {
  return error instanceof HandrailError && ['unreachable', 'timeout'].includes(error.code);
}

function linesOf(receipt: ConsentReceipt): readonly string[] {
  const { pii_controller: controller, privacy_notice: notice, purposes, events } = receipt;
  const contexts = receipt.pii_information?.contexts ?? [];
  return [
    `Receipt ${receipt.receipt_id}`,
    `With: ${controller.party_name} (${controller.party_id}, ${controller.fingerprint})`,
    `Notice: version ${notice.version}, ${notice.digest}`,
    `For: ${purposes.map(({ purpose }) => purpose).join(', ')}`,
    `Captured in: ${contexts.map(({ app, origin }) => origin ?? app).join(', ') || 'nothing'}`,
    ...events.map(
      ({ event_type: type, event_time: time, ledger_index: index }) =>
        `${time} ${type}, ledger entry ${index}`,
    ),
    `To end it: ${receipt.withdrawal_method}`,
  ];
}
