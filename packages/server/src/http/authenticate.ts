// Who calls: the key that signed the request, and what that key is in this programme. A caller of
// another kind than the route's learns no more than a stranger.
import { timingSafeEqual } from 'node:crypto';
import { HandrailError } from '@handrail/core/errors';
import { certifiedUntilMs, personOf } from '@handrail/core/statement';
import { deviceRoutes, type Route, type SignedParts, verifyRequest } from '@handrail/core/wire';
import type { ServerContext } from '../context.ts';
import { nativeCrypto } from '../native-crypto.ts';
import type { Who } from './binding.ts';
import type { BodyBudget } from './body-budget.ts';
import type { RateLimit } from './rate-limit.ts';
import type { ReplayList } from './replay-list.ts';

export interface Doorkeeper {
  readonly replays: ReplayList;
  readonly rates: RateLimit;
  readonly bodies: BodyBudget;
}

export interface SignedCall extends SignedParts {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly address: string;
}

/** Throws `signature.invalid`, `access.denied`, `rate.limited`. */
export async function authenticate(
  context: ServerContext,
  door: Doorkeeper,
  route: Route,
  call: SignedCall,
): Promise<Who> {
  const { caller } = route;
  const nowMs = context.nowMs();
  if (caller === 'anyone' || caller === 'new-device') limit(door, `from ${call.address}`, nowMs);
  if (caller === 'anyone') return { kind: 'anyone' };
  const nowSeconds = Math.floor(nowMs / 1000);
  const signed = await verifyRequest(call, call.headers, nowSeconds, nativeCrypto);
  if (signed === undefined) throw unsigned();
  const who = await whoIs(context, route, signed.key);
  if (who === undefined) {
    throw new HandrailError('access.denied', 'This key has no part in that: join, or use another.');
  }
  if (who.kind !== 'vault') limit(door, signed.key, nowMs);
  if (!door.replays.firstTime(signed, nowSeconds)) throw unsigned();
  return who;
}

async function whoIs(
  { charter, programme, config, nowMs }: ServerContext,
  route: Route,
  key: string,
): Promise<Who | undefined> {
  const { caller } = route;
  // A key that no longer counts may state one thing: that its owner leaves (governance/consent.ts).
  if (programme.isStopped(key) && route.path !== deviceRoutes.state.path) return undefined;
  if (caller === 'vault') return sameText(key, config.vaultKey) ? { kind: 'vault' } : undefined;
  if (caller === 'person') {
    const person = personOf(charter.payload, key);
    if (person === undefined) return undefined;
    const { standing } = programme.inForce.decided;
    return { kind: 'person', person, isLapsed: nowMs() >= certifiedUntilMs(standing, person) };
  }
  if (caller === 'new-device') return { kind: 'new-device', key };
  const participant = await programme.participantByKey(key);
  return participant && { kind: 'device', participant };
}

function limit({ rates }: Doorkeeper, caller: string, nowMs: number): void {
  if (rates.allows(caller, nowMs)) return;
  throw new HandrailError('rate.limited', 'Too many requests: try again in ten seconds.');
}

function unsigned(): HandrailError {
  return new HandrailError(
    'signature.invalid',
    'The request is not freshly and validly signed: check the clock and the key.',
  );
}

/** Compares without telling by its time where two texts differ. */
export function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
