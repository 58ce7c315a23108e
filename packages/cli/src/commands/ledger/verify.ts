// `ledger verify`: reads the whole record through and says all that is wrong with it.
import { fromUtf8, toHex } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { type LogReport, parseVerifierLine, verifyLog } from '@handrail/core/ledger';
import { readInputFile } from '../../home/input-file.ts';
import { folderReader } from '../../home/ledger.ts';
import type { Session } from '../../session.ts';
import type { VerifyOptions } from './command.ts';
import { type LedgerSource, ledgerSource } from './source.ts';

const keyBytesMax = 16_384;

export async function run(
  { home, out }: Session,
  options: VerifyOptions,
  folder?: string,
): Promise<number> {
  const { reader, keys, pinned } =
    folder === undefined
      ? await ledgerSource(home, options.url)
      : await folderSource(folder, options.key);
  const work = verifyLog(reader, keys.log, keys);
  const report = await out.during('Verifying the ledger', work);
  const ok = report.problems.length === 0;
  const facts = { ok, pinned, ...factsOf(report) };
  out.print(facts, linesOf(report, pinned));
  return ok ? 0 : 1;
}

async function folderSource(folder: string, key: string | undefined): Promise<LedgerSource> {
  if (key === undefined) {
    throw new HandrailError('usage.invalid', 'Name the log’s key with --key FILE.');
  }
  const [line = '', ...witnessLines] = fromUtf8(await readInputFile(key, keyBytesMax))
    .trim()
    .split('\n');
  const witnesses = witnessLines.map((one) => parseVerifierLine(one));
  const keys = { log: parseVerifierLine(line), witnesses, quorum: witnesses.length };
  return { reader: folderReader(folder), keys, pinned: true };
}

function factsOf({ origin, size, root, cosignatures, problems }: LogReport) {
  return { origin, size, root: toHex(root), cosignatures, problems };
}

function linesOf(report: LogReport, pinned: boolean): readonly string[] {
  const { origin, size, root, cosignatures, problems } = report;
  const trust = pinned
    ? []
    : ['The key came from the server itself: compare it with a pinned one.'];
  const by = `${cosignatures.length} witness${cosignatures.length === 1 ? '' : 'es'}`;
  if (problems.length === 0) {
    return [`${origin}: ${size} entries verify, root ${toHex(root)}, cosigned by ${by}.`, ...trust];
  }
  return [
    'The ledger does not verify:',
    ...problems.map(({ kind, ...rest }) => `  ${kind} ${Object.values(rest).join(' ')}`.trimEnd()),
  ];
}
