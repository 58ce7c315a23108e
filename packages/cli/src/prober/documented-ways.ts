// Every route of the API document as ways to try. A route whose ids or body are not known here is
// told, so that a new one cannot be forgotten.
import { utf8 } from '@handrail/core/bytes';
import { type IdPrefix, idOf } from '@handrail/core/ids';
import { z } from 'zod';
import { type Schema, sampleOf } from './sample-body.ts';
import { objectKeys, traversals } from './storage-ways.ts';
import type { Targets, Way } from './way.ts';

export const documentSchema = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        description: z.string(),
        requestBody: z
          .object({ content: z.record(z.string(), z.object({ schema: z.looseObject({}) })) })
          .optional(),
      }),
    ),
  ),
});
export type ApiDocument = z.infer<typeof documentSchema>;
type Operation = ApiDocument['paths'][string][string];

/** What an id names, by the word before it in a path. */
const kinds: Readonly<Record<string, readonly [kind: string, prefix: IdPrefix]>> = {
  segments: ['segment', 'seg'],
  sessions: ['session', 'ses'],
  trajectories: ['trajectory', 'traj'],
  quarantine: ['quarantined', 'seg'],
  jobs: ['job', 'job'],
  results: ['result', 'job'],
  manifests: ['manifest', 'man'],
  grants: ['grant', 'grant'],
  releases: ['release', 'rel'],
  incidents: ['incident', 'inc'],
  readings: ['reading', 'read'],
  participants: ['participant', 'part'],
};

export interface Ways {
  readonly ways: readonly Way[];
  /** Routes that cannot be tried. */
  readonly untried: readonly string[];
}

export function documentedWays({ paths }: ApiDocument, targets: Targets): Ways {
  const ways: Way[] = [];
  const untried: string[] = [];
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const name = `${method.toUpperCase()} ${path}`;
      const way = wayOf(name, operation, targets);
      if (way === undefined) untried.push(name);
      else ways.push(way);
    }
  }
  return { ways, untried };
}

function wayOf(name: string, operation: Operation, targets: Targets): Way | undefined {
  const [method = '', path = ''] = name.split(' ');
  const caller = /Caller: ([a-z-]+)\./.exec(operation.description)?.[1];
  const body = bodyOf(operation);
  const addresses = addressesOf(path, targets);
  if (caller === undefined || body === undefined || addresses === undefined) return undefined;
  return { path: name, method, caller, ...body, ...addresses };
}

function bodyOf({ requestBody }: Operation): Pick<Way, 'body' | 'headers'> | undefined {
  const [content] = Object.entries(requestBody?.content ?? {});
  if (content === undefined) return { body: new Uint8Array(), headers: {} };
  const [type, { schema }] = content;
  const headers = { 'content-type': type };
  if (type === 'application/octet-stream') return { body: utf8('probe'), headers };
  const sample = sampleOf(schema as Schema);
  return sample === undefined ? undefined : { body: utf8(JSON.stringify(sample)), headers };
}

type Addresses = Pick<Way, 'theirs' | 'nothing' | 'kind'>;

/** Addresses with something that exists, and with nothing, in the place of the first name. */
function addressesOf(whole: string, targets: Targets): Addresses | undefined {
  const path = whole.replace('{number}', '0');
  const [name, ...more] = [...path.matchAll(/\{([^}]+)\}/g)];
  if (name === undefined) return { theirs: [], nothing: path, kind: undefined };
  if (more.length > 0) return undefined;
  const before = path.slice(0, name.index).split('/').at(-2) ?? '';
  const known = valuesOf(name[1] ?? '', before, targets);
  const at = (value: string) => path.replace(name[0], () => value);
  return known && { theirs: known.theirs.map(at), nothing: at(known.nothing), kind: known.kind };
}

function valuesOf(word: string, before: string, targets: Targets): Addresses | undefined {
  if (word === '*') {
    const theirs = before === 'objects' ? objectKeys(targets) : traversals;
    return { theirs, nothing: 'nothing/here', kind: 'object' };
  }
  if (word === 'index') return { theirs: ['0', '1'], nothing: '999999999', kind: before };
  // Logins: which there are is told to nobody but to who provides them.
  if (before === 'Users') return { theirs: [], nothing: 'nobody', kind: 'login' };
  // Public, for whoever knows the digest already.
  if (word === 'digest') return { theirs: [], nothing: '0'.repeat(64), kind: before };
  const [kind, prefix] = kinds[before] ?? [];
  if (kind === undefined || prefix === undefined) return undefined;
  return { theirs: targets[kind] ?? [], nothing: idOf(prefix, utf8(`nothing ${word}`)), kind };
}
