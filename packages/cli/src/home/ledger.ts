// Reads ledgers, over the network or in a folder, and believes only what verifies under the keys of
// the charter or of a key file.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { httpTransport } from '@handrail/agent/home/client';
import { fromBase64url } from '@handrail/core/bytes';
import { canonicalBytes } from '@handrail/core/canonical-json';
import { HandrailError } from '@handrail/core/errors';
import {
  type Checkpoint,
  checkpointPath,
  commitment,
  decodeEntry,
  type EntryKind,
  type LedgerPolicy,
  type LedgerReader,
  readEntries,
  verifyCheckpoint,
} from '@handrail/core/ledger';
import { type Charter, type ErasureCertificate, shreddedPayload } from '@handrail/core/statement';
import { type ClientContext, ledgerReader, policyOf } from '@handrail/core/wire';

/** Any ledger whose files lie under an address, whoever serves them. */
export function addressReader(address: string): LedgerReader {
  const transport = httpTransport(address);
  const base = new URL(address).pathname.replace(/\/$/, '');
  return {
    async readTile(path) {
      const target = `${base}/${path}`;
      const reply = await transport({ method: 'GET', target, headers: {}, body: new Uint8Array() });
      if (reply.status === 200) return reply.body;
      if (reply.status === 404) return undefined;
      throw new HandrailError('unreachable', `${address} answers ${reply.status} for ${path}.`);
    },
  };
}

export function folderReader(folder: string): LedgerReader {
  return {
    async readTile(path) {
      try {
        return new Uint8Array(await readFile(join(folder, path)));
      } catch (error) {
        const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
        if (missing) return undefined;
        throw error;
      }
    },
  };
}

/** Whether the ledger holds both entries that a certificate names, and the second is about this. */
export async function isCertified(
  reader: LedgerReader,
  { log, witnesses, quorum }: LedgerPolicy,
  certificate: ErasureCertificate,
): Promise<boolean> {
  const bytes = await reader.readTile(checkpointPath);
  const verdict = bytes && (await verifyCheckpoint(bytes, log, witnesses, quorum));
  if (verdict?.kind !== 'verified') return false;
  const { index, salt, job } = certificate.shredded;
  const shredded = await entryAt(reader, verdict.checkpoint, index);
  const asked = await entryAt(reader, verdict.checkpoint, certificate.asked);
  const payload = canonicalBytes(shreddedPayload({ ...certificate, job }));
  return (
    asked?.kind === 'statement.accepted' &&
    shredded?.kind === 'keys.shredded' &&
    shredded.commitment === commitment(fromBase64url(salt), payload)
  );
}

async function entryAt(reader: LedgerReader, checkpoint: Checkpoint, index: number) {
  for await (const { bytes } of readEntries(reader, checkpoint, index)) return decodeEntry(bytes);
  return undefined;
}

/** Digests (hex) in the ledger's entries of one kind, in order. Throws `ledger.unverified`. */
export async function digestsOf(
  client: ClientContext,
  charter: Charter,
  kind: EntryKind,
): Promise<readonly string[]> {
  const reader = ledgerReader(client);
  const { log, witnesses, quorum } = policyOf(charter);
  const bytes = await reader.readTile(checkpointPath);
  const verdict = bytes && (await verifyCheckpoint(bytes, log, witnesses, quorum));
  if (verdict?.kind !== 'verified') {
    throw new HandrailError(
      'ledger.unverified',
      'The ledger does not verify: run "handrail ledger verify".',
    );
  }
  const digests: string[] = [];
  for await (const { bytes: entry } of readEntries(reader, verdict.checkpoint, 0)) {
    const { kind: found, digest } = decodeEntry(entry);
    if (found === kind && digest !== undefined) digests.push(digest);
  }
  return digests;
}
