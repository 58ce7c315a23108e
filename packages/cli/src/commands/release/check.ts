// `release check`: whether a release, an export or a manifest still stands, by the vault's signed
// list. With --list it needs no line. Whatever cannot be known is no yes.
import { fromUtf8 } from '@handrail/core/bytes';
import { decodeReleaseManifest, readExportHeader } from '@handrail/core/dataset';
import { HandrailError } from '@handrail/core/errors';
import { isId } from '@handrail/core/ids';
import {
  goneName,
  judgeRelease,
  type NamedRelease,
  type ReleaseList,
  type ReleaseStanding,
  type ReleaseVerdict,
} from '@handrail/core/statement';
import { openDesk } from '../../home/desk.ts';
import { readInputFile } from '../../home/input-file.ts';
import { loadPerson } from '../../home/person.ts';
import { listInFile, newestList, sha256Hex, tombstoneAt } from '../../home/release-list.ts';
import type { Session } from '../../session.ts';
import type { CheckOptions } from './command.ts';

const exportBytesMax = 1024 * 1024 * 1024;

export async function run(session: Session, options: CheckOptions, subject = ''): Promise<number> {
  const { named, vaultKey } = await namedBy(subject);
  const list = await listFor(session, options, vaultKey);
  const verdict = judgeRelease(list, named);
  const gone = await goneRows(session, options, verdict);
  const { release } = named;
  const said = {
    id: release,
    ok: verdict.kind === 'good',
    ...verdict,
    list: list.number,
    at: list.at,
  };
  session.out.print({ ...said, ...(gone === undefined ? {} : { gone }) }, [
    ...wordsOf(release, verdict),
    `By list ${list.number} of ${list.at}.`,
    ...(gone === undefined ? [] : [`Of these rows went: ${gone.join(', ') || 'none'}.`]),
  ]);
  return verdict.kind === 'good' ? 0 : 1;
}

interface Subject {
  readonly named: NamedRelease;
  /** Whose list counts, as an export says itself. */
  readonly vaultKey?: string;
}

async function namedBy(subject: string): Promise<Subject> {
  if (isId('rel', subject)) return { named: { release: subject } };
  const bytes = await readInputFile(subject, exportBytesMax);
  const header = readExportHeader(bytes);
  if (header !== undefined) {
    const { release, manifest, list, vaultKey } = header;
    return { named: { release, manifest, listNumber: list.number }, vaultKey };
  }
  const { release } = decodeReleaseManifest(bytes);
  return { named: { release, manifest: sha256Hex(bytes) } };
}

/** The home knows its programme's vault; a home that knows none goes by what the export says. */
async function listFor(
  { home, out }: Session,
  { list, url }: CheckOptions,
  named: string | undefined,
): Promise<ReleaseList> {
  if (list === undefined) {
    const { client, charter, vaultKey } = await openDesk(home, url);
    return (await out.during('Reading the ledger', newestList(client, charter, vaultKey))).list;
  }
  const known = await loadPerson(home).catch(() => undefined);
  const vaultKey = known?.programme?.vaultKey ?? named;
  if (vaultKey === undefined) {
    throw new HandrailError('usage.invalid', 'Name an export, or the --home of who fetched it.');
  }
  return listInFile(list, vaultKey);
}

/** Trajectories of `--rows` that the tombstones name. */
async function goneRows(
  { home }: Session,
  { rows, url }: CheckOptions,
  verdict: ReleaseVerdict,
): Promise<readonly string[] | undefined> {
  if (rows === undefined || verdict.kind !== 'superseded') return undefined;
  const { client, vaultKey } = await openDesk(home, url);
  const ids = idsIn(fromUtf8(await readInputFile(rows, exportBytesMax)));
  const gone = new Set<string>();
  for (const { tombstone } of verdict.chain) {
    if (tombstone === undefined) continue;
    const { salt, gone: names } = await tombstoneAt(client, tombstone, vaultKey);
    const went = new Set(names);
    for (const id of ids) if (went.has(goneName(salt, id))) gone.add(id);
  }
  return [...gone].sort();
}

/** Of AgentNet lines. */
function idsIn(text: string): string[] {
  const found = text.matchAll(/^\{"task_id":"(traj_[0-9a-z]{26})"/gm);
  return [...found].flatMap(([, id]) => id ?? []);
}

function wordsOf(release: string, verdict: ReleaseVerdict): string[] {
  if (verdict.kind === 'good') return [`${release} stands.`];
  if (verdict.kind === 'superseded') return verdict.chain.map(standingWords);
  const why = {
    older: 'the list is older than the export: get a newer one',
    'not-listed': 'the list does not have it',
    'another-manifest': 'the list has another release under this id',
  }[verdict.why];
  return [`${release} is NOT known to stand: ${why}.`];
}

export function standingWords(standing: ReleaseStanding): string {
  const { release, state, at, reason, supersededBy, notReissued } = standing;
  if (state === 'good') return `${release} stands.`;
  const next =
    supersededBy === undefined
      ? notReissued === undefined
        ? 'A new one is being built.'
        : nothingInstead[notReissued]
      : `Use ${supersededBy} instead.`;
  return `${release} MUST NOT BE USED since ${at}, after a ${reason ?? 'withdrawal'}. ${next}`;
}

export const nothingInstead = {
  'too-few-participants': 'Too few people are left: nothing takes its place.',
  'ask-again': 'Its grant does not stand any more: ask for another and build again.',
} as const;
