// Whose signatures a ledger must carry, from a file that a person names or that a home keeps: so a
// proof can be checked without a network.
import { readFileIfAny, writeFileDurably } from '@handrail/agent/home/files';
import type { Home } from '@handrail/agent/home/home';
import { fromUtf8 } from '@handrail/core/bytes';
import {
  formatPolicy,
  type LedgerPolicy,
  parsePolicy,
  policyBytesMax,
} from '@handrail/core/ledger';
import { readInputFile } from './input-file.ts';

const keptName = 'ledger-policy';

export async function readPolicyFile(path: string): Promise<LedgerPolicy> {
  return parsePolicy(fromUtf8(await readInputFile(path, policyBytesMax)));
}

/** Of the programme that this home has joined, as it was when its ledger was last looked at. */
export async function keptPolicy(home: Home): Promise<LedgerPolicy | undefined> {
  const bytes = await readFileIfAny(home.path(keptName));
  return bytes && parsePolicy(fromUtf8(bytes));
}

export async function keepPolicy(home: Home, policy: LedgerPolicy): Promise<void> {
  await writeFileDurably(home.path(keptName), formatPolicy(policy));
}
