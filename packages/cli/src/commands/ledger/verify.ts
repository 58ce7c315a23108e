// `ledger verify`: reads the whole record through and says all that is wrong with it.
import { join } from 'node:path';
import { readFileIfAny, writeFileDurably } from '@handrail/agent/home/files';
import { fromUtf8, toHex } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import {
  type Checkpoint,
  checkpointPath,
  follow,
  type LogProblem,
  type LogReport,
  noteBytesMax,
  parseCheckpoint,
  parseNote,
  parseVerifierLine,
  verifyCheckpoint,
  verifyLog,
} from '@handrail/core/ledger';
import { readInputFile } from '../../home/input-file.ts';
import { addressReader, folderReader } from '../../home/ledger.ts';
import { readPolicyFile } from '../../home/ledger-policy.ts';
import type { Session } from '../../session.ts';
import type { VerifyOptions } from './command.ts';
import { type LedgerSource, ledgerSource } from './source.ts';

const keyBytesMax = 16_384;

interface Examined extends Omit<LogReport, 'problems'> {
  readonly problems: readonly (LogProblem | NotContinued)[];
}

/** What is shown now does not continue what this home saw before: `rollback`, `fork`, ... */
interface NotContinued {
  readonly kind: 'not-continued';
  readonly reason: string;
}

export async function run(
  { home, out }: Session,
  options: VerifyOptions,
  folder?: string,
): Promise<number> {
  const source =
    folder === undefined
      ? await ledgerSource(home, options.url)
      : await namedSource(folder, options);
  const { pinned } = source;
  const since = options.since === undefined ? undefined : await noteIn(options.since);
  const report = await out.during('Verifying the ledger', examine(source, since));
  const ok = report.problems.length === 0;
  const facts = { ok, pinned, ...factsOf(report) };
  out.print(facts, linesOf(report, pinned));
  return ok ? 0 : 1;
}

/** What is wrong with the ledger itself, and with how it continues what this home saw before. */
export async function examine(
  { reader, keys, memory }: LedgerSource,
  since: Uint8Array | undefined,
): Promise<Examined> {
  const report = await verifyLog(reader, keys.log, keys);
  if (report.problems.length > 0) return report;
  const named = since && (await verifyCheckpoint(since, keys.log, [], 0));
  if (named?.kind === 'refused') return broken(report, `the earlier one is ${named.reason}`);
  const remembered = memory === undefined ? undefined : await rememberedCheckpoint(memory);
  for (const earlier of [named?.checkpoint, remembered]) {
    const step = await follow(reader, earlier, keys);
    if (step.kind === 'refused') return broken(report, step.reason);
  }
  const shown = memory && (await reader.readTile(checkpointPath));
  if (shown) await writeFileDurably(memory, shown);
  return report;
}

async function rememberedCheckpoint(path: string): Promise<Checkpoint | undefined> {
  const bytes = await readFileIfAny(path);
  if (bytes === undefined) return undefined;
  const note = parseNote(new Uint8Array(bytes));
  const checkpoint = note && parseCheckpoint(note.text);
  if (checkpoint) return checkpoint;
  throw new HandrailError('storage.broken', `${path} is damaged: what was seen is forgotten.`);
}

function broken(report: Examined, reason: string): Examined {
  return { ...report, problems: [{ kind: 'not-continued', reason }] };
}

/** An earlier checkpoint that somebody kept, as a file or a folder that holds it. */
async function noteIn(path: string): Promise<Uint8Array> {
  const inFolder = await readFileIfAny(join(path, checkpointPath)).catch(() => undefined);
  return inFolder ?? readInputFile(path, noteBytesMax);
}

/** A folder, or the address of a ledger's files, with a policy; a folder with its keys alone. */
async function namedSource(place: string, options: VerifyOptions): Promise<LedgerSource> {
  if (options.policy === undefined) return folderSource(place, options.key);
  const keys = await readPolicyFile(options.policy);
  const reader = URL.canParse(place) ? addressReader(place) : folderReader(place);
  return { reader, keys, pinned: true, memory: undefined };
}

async function folderSource(folder: string, key: string | undefined): Promise<LedgerSource> {
  if (key === undefined) {
    throw new HandrailError('usage.invalid', 'Say whose signatures count: --policy FILE.');
  }
  const [line = '', ...witnessLines] = fromUtf8(await readInputFile(key, keyBytesMax))
    .trim()
    .split('\n');
  const witnesses = witnessLines.map((one) => parseVerifierLine(one));
  const keys = { log: parseVerifierLine(line), witnesses, quorum: witnesses.length };
  return { reader: folderReader(folder), keys, pinned: true, memory: undefined };
}

function factsOf({ origin, size, root, cosignatures, problems }: Examined) {
  return { origin, size, root: toHex(root), cosignatures, problems };
}

function linesOf(report: Examined, pinned: boolean): readonly string[] {
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
