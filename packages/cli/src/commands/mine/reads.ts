// `mine reads`: every opening of what is yours, as this device finds it in the ledger. What the
// server does not tell of, or tells wrongly, is said first, and makes the command fail.
import { readProgramme } from '@handrail/agent/enrol/programme';
import { clientOf } from '@handrail/agent/home/client';
import { deviceSigner, Home } from '@handrail/agent/home/home';
import { followLedger } from '@handrail/agent/ledger/known-ledger';
import { readOpeningBook, saveOpeningBook } from '@handrail/agent/ledger/opening-book';
import { ownOpenings } from '@handrail/agent/ledger/own-openings';
import { HandrailError } from '@handrail/core/errors';
import { ledgerReader, policyOf } from '@handrail/core/wire';
import { keepPolicy } from '../../home/ledger-policy.ts';
import type { Session } from '../../session.ts';
import type { ReadsOptions } from './command.ts';
import { readLines, readsIn } from './read-lines.ts';
import { saveProof } from './read-proof.ts';

export async function run({ home: folder, out }: Session, options: ReadsOptions): Promise<number> {
  const home = new Home(folder);
  const looked = await out.during('Reading the ledger', lookAtLedger(home));
  const { reads, problems } = readsIn(looked.book, looked.epochsWithoutKey);
  const proof =
    options.proof === undefined
      ? undefined
      : await saveProof(looked, options.proof, leafIn(options.leaf));
  const ok = problems.length === 0;
  const facts = { ok, size: looked.book.size, reads, problems };
  out.print(proof === undefined ? facts : { ...facts, proof }, [
    ...readLines(reads, problems, options.all === true),
    ...(proof === undefined ? [] : [`Proof of entry ${proof.leaf}: ${proof.file}`]),
  ]);
  return ok ? 0 : 1;
}

async function lookAtLedger(home: Home) {
  const device = await home.device();
  const { charter } = await readProgramme(device.url, device.fingerprint);
  const client = clientOf(device.url, await deviceSigner(device));
  const reader = ledgerReader(client);
  const policy = policyOf(charter.payload);
  const followed = await followLedger(home, reader, policy, Date.now());
  if (followed.kind !== 'continues') {
    throw new HandrailError(
      'ledger.unverified',
      `The ledger that is shown is not to be believed: ${followed.reason}.`,
    );
  }
  await keepPolicy(home, policy);
  const { checkpoint, bytes } = followed;
  const book = await readOpeningBook(home);
  const found = await ownOpenings(device, client, reader, checkpoint, book);
  await saveOpeningBook(home, found.book);
  return { ...found, reader, checkpoint, checkpointBytes: bytes };
}

function leafIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[0-9]{1,15}$/.test(text)) return Number(text);
  throw new HandrailError('usage.invalid', 'Give --leaf the number of an entry.');
}
