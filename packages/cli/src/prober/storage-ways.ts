// Addresses that storage would have if something gave it out: objects by the layout of their keys,
// files beside the ledger, and what servers show to the wrong people elsewhere.
import type { Targets, Way } from './way.ts';

/** Keys of objects that exist, by every folder of the store. */
export function objectKeys(targets: Targets): readonly string[] {
  const of = (folder: string, kind: string, end = '') =>
    (targets[kind] ?? []).map((id) => `${folder}/${id}${end}`);
  return [
    ...of('segments', 'segment'),
    ...of('segments', 'quarantined'),
    ...of('trajectories', 'trajectory'),
    ...of('results', 'result'),
    ...of('releases', 'release', '/manifest.json'),
    ...traversals,
  ];
}

/** Out of the folder that is served, in the spellings that servers have fallen for. */
export const traversals: readonly string[] = [
  '../journal/records',
  '..%2fjournal%2frecords',
  '%2e%2e/journal/records',
  '%2e%2e%2fjournal%2frecords',
  '%252e%252e%252fjournal%252frecords',
  '..%5cjournal%5crecords',
  '....//journal/records',
  '..;/journal/records',
  'tile/../../journal/records',
  'tile/%2e%2e/%2e%2e/objects',
  'tile/..%2f..%2fdatabase%2fPG_VERSION',
  '..%2f..%2fprogramme%2flog-key',
  '..%2f..%2frun%2fserver.json',
  '/etc/passwd',
  '%2fetc%2fpasswd',
  'checkpoint%00',
  'checkpoint%2f..%2f..%2fjournal%2frecords',
];

/** Routes that do not exist; `ID` stands for the ids of a kind. */
const elsewhere: readonly (readonly [address: string, kind?: string])[] = [
  ...['/', '/metrics', '/v1/metrics', '/log', '/logs', '/v1/logs', '/errors', '/debug'].map(
    (address) => [address] as const,
  ),
  ...['/debug/pprof', '/status', '/documentation/json', '/v1/admin', '/v1/participants'].map(
    (address) => [address] as const,
  ),
  ...['/.env', '/.git/config', '/server/journal/records', '/objects', '/v1/objects'].map(
    (address) => [address] as const,
  ),
  ['/v1/search?q=a'],
  ['/v1/exports'],
  ['/v1/participants/ID', 'participant'],
  ['/v1/participants/ID/trajectories', 'participant'],
  ['/v1/mine/trajectories/ID', 'trajectory'],
  ['/v1/mine/trajectories/ID/frames/0', 'trajectory'],
  ['/v1/trajectories/ID', 'trajectory'],
  ['/v1/trajectories/ID/thumbnail', 'trajectory'],
  ['/v1/thumbnails/ID', 'trajectory'],
  ['/v1/frames/ID', 'trajectory'],
  ['/v1/mine/segments/ID', 'segment'],
  ['/v1/mine/segments/ID/chunks/0', 'segment'],
  ['/v1/segments/ID', 'segment'],
  ['/objects/segments/ID', 'segment'],
  ['/v1/objects/trajectories/ID', 'trajectory'],
  ['/v1/objects/results/ID', 'result'],
  ['/v1/results/ID/download', 'result'],
  ['/v1/releases/ID/manifest.json', 'release'],
  ['/v1/releases/ID/exports', 'release'],
];

const blank = { method: 'GET', body: new Uint8Array(), headers: {}, caller: undefined } as const;

/** Ways that nobody has. */
export function strayWays(targets: Targets): readonly Way[] {
  return elsewhere.map(([address, kind]) => {
    const theirs = kind === undefined ? [] : (targets[kind] ?? []);
    const at = (id: string) => address.replace('ID', id);
    return {
      ...blank,
      path: `GET ${address} (no route)`,
      theirs: theirs.map(at),
      nothing: at('nothing'),
      kind: undefined,
    };
  });
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** What has made servers take a caller for another. */
const disguise = {
  'x-forwarded-for': '127.0.0.1',
  'x-original-url': '/v1/health',
  'x-http-method-override': 'GET',
  authorization: 'Bearer probe',
  cookie: 'session=probe',
  range: 'bytes=0-99',
};

/** Documented addresses by methods they do not have, and in disguise. */
export function sidewaysOf(documented: readonly Way[]): readonly Way[] {
  const byAddress = Map.groupBy(documented, ({ path }) => path.split(' ')[1] ?? '');
  return [...byAddress].flatMap(([address, ways]) => {
    const [first] = ways;
    if (first === undefined) return [];
    const known = new Set(ways.map(({ method }) => method));
    // A GET has its HEAD.
    const isPublic = ways.some(({ caller }) => caller === 'anyone');
    const others = methods.filter(
      (method) => !known.has(method) && !(isPublic && method === 'HEAD'),
    );
    const plain = others.map((method) => {
      return { ...first, ...blank, method, path: `${method} ${address} (no route)` };
    });
    const covered = ways
      .filter(({ caller }) => caller !== 'anyone')
      .map((way) => ({
        ...way,
        path: `${way.path} (in disguise)`,
        headers: { ...way.headers, ...disguise },
      }));
    return [...plain, ...covered];
  });
}
