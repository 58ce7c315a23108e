// The signed list of all releases. It lies with the server, and the key tree remembers which is the
// newest, so that no older one passes for it; each is committed to in the ledger.
import { utf8 } from '@handrail/core/bytes';
import { canonicalBytes } from '@handrail/core/canonical-json';
import { HandrailError } from '@handrail/core/errors';
import {
  type ReleaseList,
  type ReleaseStanding,
  readReleaseList,
  releasesListedMax,
  sign,
} from '@handrail/core/statement';
import { sha256Hex } from '../../worker/digest.ts';
import { type Turns, takeTurns } from '../folder/turns.ts';
import type { KeeperContext } from '../keeper-context.ts';

type Ground = Pick<
  KeeperContext,
  'charter' | 'identity' | 'server' | 'ledger' | 'keyring' | 'nowMs'
>;

/** Numbers that earlier tries may have used up without being remembered. */
const numbersTriedMax = 100;

export interface ReleaseLists {
  /** The newest. */
  newest(): Promise<Pick<ReleaseList, 'number' | 'releases'>>;
  /** Where a release stands; undefined for one that is not listed. */
  standing(release: string): Promise<ReleaseStanding | undefined>;
  /** Signs, stores and commits to a list in which these stand so; nothing when they do already. */
  put(...standings: readonly ReleaseStanding[]): Promise<void>;
}

export function releaseLists(ground: Ground): ReleaseLists {
  const inTurn: Turns = takeTurns();
  let kept: ReleaseList | undefined;
  const newest = async () => {
    kept ??= await newestOf(ground);
    return kept ?? { number: 0, releases: [] };
  };
  return {
    newest: () => inTurn(newest),
    standing: (id) =>
      inTurn(async () => (await newest()).releases.find(({ release }) => release === id)),
    put: (...standings) =>
      inTurn(async () => {
        const { number, releases } = await newest();
        const next = withStandings(releases, standings);
        if (next !== releases) kept = await publish(ground, number, next);
      }),
  };
}

function withStandings(
  before: readonly ReleaseStanding[],
  standings: readonly ReleaseStanding[],
): readonly ReleaseStanding[] {
  const byRelease = new Map(before.map((one) => [one.release, one]));
  for (const standing of standings) byRelease.set(standing.release, standing);
  const after = [...byRelease.values()];
  if (after.length > releasesListedMax) {
    throw new HandrailError('storage.full', `A list holds at most ${releasesListedMax} releases.`);
  }
  return sha256Hex(canonicalBytes(after)) === sha256Hex(canonicalBytes(before)) ? before : after;
}

/** Throws `storage.broken` when the server has no such list, or another one. */
async function newestOf({ identity, keyring, server }: Ground): Promise<ReleaseList | undefined> {
  const head = await keyring.listHead();
  if (head === undefined) return undefined;
  const bytes = await server.getObject(nameOf(head.number));
  const list = await readReleaseList(bytes, identity.publicKey);
  if (list !== undefined && sha256Hex(bytes) === head.digest) return list;
  throw new HandrailError('storage.broken', 'The list of releases is not the newest one.');
}

async function publish(
  ground: Ground,
  before: number,
  releases: readonly ReleaseStanding[],
): Promise<ReleaseList> {
  const { charter, identity, ledger, keyring, nowMs } = ground;
  const at = `${new Date(nowMs()).toISOString().slice(0, 19)}Z`;
  const common = { v: 1, kind: 'release-list', programme: charter.programme, at } as const;
  for (let number = before + 1; number <= before + numbersTriedMax; number++) {
    const list: ReleaseList = { ...common, number, releases: [...releases] };
    const bytes = utf8(JSON.stringify(await sign(list, identity.signer)));
    const digest = sha256Hex(bytes);
    if (sha256Hex(await ground.server.putObject(nameOf(number), bytes)) !== digest) continue;
    await ledger.record('release-list.published', { v: 1, number, digest }, { digest });
    await keyring.putListHead({ number, digest });
    return list;
  }
  throw new HandrailError('storage.broken', 'No number is left for a new list of releases.');
}

function nameOf(number: number): string {
  return `lists/${number}`;
}
