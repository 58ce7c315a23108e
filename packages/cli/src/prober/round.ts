// One round: every way as every identity, and every permission. It gives the report that the
// prober signs; what could not be tried is in it too.
import { toHex } from '@handrail/core/bytes';
import { randomBytes } from '@handrail/core/seal';
import type { ProbeFinding, ProbeReport } from '@handrail/core/statement';
import { type ClientContext, call, incidentRoutes } from '@handrail/core/wire';
import { instantNow } from '../home/desk.ts';
import { type Ask, atOnce, lineTo } from './ask.ts';
import { documentedWays, documentSchema } from './documented-ways.ts';
import { type Identity, identitiesOf, type Place } from './identities.ts';
import { judge } from './judge.ts';
import { type Folders, readPermissions } from './permissions.ts';
import { sidewaysOf, strayWays } from './storage-ways.ts';
import type { Targets, Way } from './way.ts';

const findingsMax = 500;
const documentPath = '/v1/openapi.json';

export interface RoundInput {
  readonly place: Place;
  readonly programme: string;
  /** The prober's own line. */
  readonly client: ClientContext;
  readonly folders: Folders | undefined;
}

interface Try {
  readonly way: Way;
  readonly identity: Identity;
}

/** Throws `unreachable` where there is no server to probe. */
export async function probeRound(input: RoundInput): Promise<ProbeReport> {
  const startedAt = instantNow();
  const { ids: targets } = await call(input.client, incidentRoutes.probeTargets, {});
  const { all, missing } = await identitiesOf(input.place);
  using line = lineTo(input.place.url);
  const document = documentSchema.parse(await documentOf(line.ask));
  const documented = documentedWays(document, targets);
  const tries = triesOf(documented.ways, targets, all);
  const results = await tryAll(line.ask, tries, targets);
  const permissions = await readPermissions(input.client, input.folders);
  return {
    v: 1,
    kind: 'probe-report',
    programme: input.programme,
    nonce: toHex(randomBytes(32)),
    startedAt,
    endedAt: instantNow(),
    paths: [
      ...results.map(({ path, identity, denied }) => ({ path, identity, denied })),
      ...permissions.paths.map((one) => ({ ...one, denied: 1 })),
    ],
    findings: [...results.flatMap(({ finding }) => finding ?? []), ...permissions.findings].slice(
      0,
      findingsMax,
    ),
    untried: [...documented.untried, ...missing.map((name) => `as ${name}`)],
  };
}

async function documentOf(ask: Ask): Promise<unknown> {
  const blank = { theirs: [], body: new Uint8Array(), headers: {}, caller: 'anyone' } as const;
  const way = { ...blank, path: documentPath, nothing: documentPath, kind: undefined };
  const { body } = await ask({ ...way, method: 'GET' }, documentPath, undefined);
  return JSON.parse(Buffer.from(body).toString('utf8'));
}

/** Ways that nobody has are tried by those who have most and by those who have least. */
function triesOf(documented: readonly Way[], targets: Targets, all: readonly Identity[]): Try[] {
  const few = all.filter(({ name }) => name === 'nobody' || name === 'participant without data');
  const rest = [...strayWays(targets), ...sidewaysOf(documented)];
  return [
    ...documented.flatMap((way) => {
      const who = isByKey(way) ? all : all.slice(0, 1);
      return who.map((identity) => ({ way, identity }));
    }),
    ...rest.filter(isByKey).flatMap((way) => few.map((identity) => ({ way, identity }))),
  ];
}

/** Where keys do not count, every identity is nobody, and too many tries lock all of them out. */
function isByKey({ caller }: Way): boolean {
  return caller === undefined || byKey.has(caller);
}

const byKey: ReadonlySet<string> = new Set(['anyone', 'new-device', 'device', 'person', 'vault']);

interface Result {
  readonly path: string;
  readonly identity: string;
  readonly denied: number;
  readonly finding: ProbeFinding | undefined;
}

async function tryAll(ask: Ask, tries: readonly Try[], targets: Targets): Promise<Result[]> {
  const waiting = [...tries.entries()].reverse();
  const results: Result[] = [];
  const work = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [at, one] = next;
      results[at] = await tryOne(ask, one, targets);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}

async function tryOne(ask: Ask, { way, identity }: Try, targets: Targets): Promise<Result> {
  const { path } = way;
  const { name, signer } = identity;
  const theirs = await inTurn(way.theirs, (target) => ask(way, target, signer));
  const nothing = await ask(way, way.nothing, signer);
  const what = judge(way, identity, { theirs, nothing }, targets);
  const finding = what && { path, identity: name, what };
  const denied = finding === undefined ? theirs.length + 1 : 0;
  return { path, identity: name, denied, finding };
}

async function inTurn<A, B>(values: readonly A[], work: (value: A) => Promise<B>): Promise<B[]> {
  const done: B[] = [];
  for (const value of values) done.push(await work(value));
  return done;
}
