// `grant request`: freezes who asks, for what, how much, why and for how long, signed by who asks.
import { HandrailError } from '@handrail/core/errors';
import { idOf } from '@handrail/core/ids';
import { randomBytes } from '@handrail/core/seal';
import {
  type Grant,
  grantDigest,
  grantSchema,
  idSchema,
  recipeDigest,
  recipeSchema,
  sign,
  withPrompt,
} from '@handrail/core/statement';
import { call, personRoutes } from '@handrail/core/wire';
import { z } from 'zod';
import { instantNow, openDesk } from '../../home/desk.ts';
import { readJsonFile } from '../../home/json-file.ts';
import type { Session } from '../../session.ts';
import type { RequestOptions } from './command.ts';

const releaseObjectsMax = 10_000;
const bytesMax = 4 * 1024 * 1024 * 1024;
const trajectoriesSchema = z.strictObject({
  trajectories: z.array(idSchema('traj')).min(1).max(10_000),
});
const segmentsSchema = z.strictObject({
  segments: z.array(idSchema('seg')).min(1).max(10_000),
});

export async function run({ home, out }: Session, options: RequestOptions): Promise<undefined> {
  const scope = await scopeOf(options);
  const { person, signer, charter, client } = await openDesk(home, options.url);
  const grant = grantOf({
    v: 1,
    kind: 'grant',
    id: idOf('grant', randomBytes(32)),
    programme: charter.programme,
    holder: person.id,
    readingKey: person.readingKey,
    recipient: person.recipient,
    purpose: options.purpose,
    tier: options.tier,
    scope,
    hours: options.hours,
    reason: options.reason,
    objectsMax: objectsIn(scope),
    bytesMax,
    requestedAt: instantNow(),
  });
  const body = { grant: await sign(grant, signer) };
  const { digest, state } = await call(client, personRoutes.requestGrant, { body });
  if (digest !== grantDigest(grant)) throw changed();
  out.print({ id: grant.id, digest, state }, [
    `${grant.id} is ${state}: a steward and an officer run "handrail grant approve ${grant.id}".`,
  ]);
}

async function scopeOf({ scope, tier }: RequestOptions): Promise<Grant['scope']> {
  if (tier === 'raw') return readJsonFile(scope, segmentsSchema, 'scope {"segments":[ID,...]}');
  if (tier === 'trajectory') {
    return readJsonFile(scope, trajectoriesSchema, 'scope {"trajectories":[ID,...]}');
  }
  const recipe = await readJsonFile(scope, recipeSchema, 'recipe');
  return { recipe, recipeDigest: recipeDigest(recipe) };
}

function objectsIn(scope: Grant['scope']): number {
  if ('segments' in scope) return scope.segments.length;
  return 'trajectories' in scope ? scope.trajectories.length : releaseObjectsMax;
}

function grantOf(wish: unknown): Grant {
  const parsed = grantSchema.omit({ prompt: true }).safeParse(wish);
  if (parsed.success) return withPrompt(parsed.data);
  const field = parsed.error.issues[0]?.path.join('.') ?? 'the request';
  throw new HandrailError('usage.invalid', `The request cannot be made: look at ${field}.`);
}

function changed(): HandrailError {
  return new HandrailError('signature.invalid', 'The server names another grant than was signed.');
}
