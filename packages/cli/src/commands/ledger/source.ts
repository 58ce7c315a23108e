// Where the ledger of this home's programme is, and whose signatures it must carry.
import { join } from 'node:path';
import { readProgramme } from '@handrail/agent/enrol/programme';
import { clientOf } from '@handrail/agent/home/client';
import { readFileIfAny } from '@handrail/agent/home/files';
import { Home } from '@handrail/agent/home/home';
import { HandrailError } from '@handrail/core/errors';
import type { LedgerPolicy, LedgerReader } from '@handrail/core/ledger';
import { call, ledgerReader, policyOf, publicRoutes } from '@handrail/core/wire';
import { loadPerson } from '../../home/person.ts';

export interface LedgerSource {
  readonly reader: LedgerReader;
  readonly keys: LedgerPolicy;
  /** False where the keys are only what the server itself says. */
  readonly pinned: boolean;
  /** Where the last checkpoint that verified is kept, so that a later one must continue it. */
  readonly memory: string | undefined;
}

/** Throws `usage.invalid` where neither this home nor `url` names a server. */
export async function ledgerSource(home: string, url: string | undefined): Promise<LedgerSource> {
  const known = await knownProgramme(home);
  const address = url ?? known?.url;
  if (address === undefined) {
    throw new HandrailError(
      'usage.invalid',
      'Name the server with --url, or a --home that knows it.',
    );
  }
  if (!URL.canParse(address)) throw new HandrailError('usage.invalid', 'Give --url an address.');
  const client = clientOf(address, undefined);
  const { charter } = known
    ? await readProgramme(address, known.fingerprint)
    : await call(client, publicRoutes.programme, {});
  const keys = policyOf(charter.payload);
  const memory = known && join(home, 'ledger-checkpoint');
  return { reader: ledgerReader(client), keys, pinned: known !== undefined, memory };
}

async function knownProgramme(folder: string) {
  const device = await new Home(folder).deviceIfAny();
  if (device) return { url: device.url, fingerprint: device.fingerprint };
  if ((await readFileIfAny(join(folder, 'person.json'))) === undefined) return undefined;
  return (await loadPerson(folder)).programme;
}
