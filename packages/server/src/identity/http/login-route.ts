// Routes that browsers call with a cookie. They stand apart from those that a key signs, and no
// answer of theirs holds content, an approval or a key.
import { HandrailError } from '@handrail/core/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { ServerContext } from '../../context.ts';
import type { RateLimit } from '../../http/rate-limit.ts';
import { bodyOf, documentOf } from '../../http/register.ts';
import { type Login, loginOf, loginSecondsMax, openLogin } from '../logins.ts';
import { cookieIn, cookieText, loginCookie } from './cookie.ts';
import type { Lockout } from './lockout.ts';

const bodyBytesMax = 65_536;
/** No form and no other site's page can send it without asking first, and nobody is allowed. */
export const sameSiteHeader = 'x-handrail-login';

export interface LoginRoute<B extends z.ZodType | 'none', R extends z.ZodType | 'none'> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly caller: 'anyone' | 'login';
  readonly body: B;
  readonly reply: R;
  readonly says: string;
}

export interface LoginCall<B> {
  readonly body: B;
  /** Path and query. */
  readonly target: string;
  cookie(name: string): string;
  setCookie(text: string): void;
}

export interface Elsewhere {
  readonly redirect: string;
}

type AnyLoginRoute = LoginRoute<z.ZodType | 'none', z.ZodType | 'none'>;

export interface LoginBinding {
  readonly route: AnyLoginRoute;
  readonly answer: (call: LoginCall<unknown>, login: Login | undefined) => Promise<unknown>;
}

export interface LoginDoor {
  readonly rates: RateLimit;
  readonly lockout: Lockout;
}

/** For whoever has an open login. */
export function forLogin<B extends z.ZodType | 'none', R extends z.ZodType | 'none'>(
  route: LoginRoute<B, R>,
  answer: (login: Login, call: LoginCall<Given<B>>) => Promise<Given<R>>,
): LoginBinding {
  return {
    route,
    answer: async (call, login) => {
      if (login === undefined) throw notSignedIn();
      return answer(login, call as LoginCall<Given<B>>);
    },
  };
}

/** For whoever is about to sign in. */
export function forSignIn<B extends z.ZodType | 'none', R extends z.ZodType | 'none'>(
  route: LoginRoute<B, R>,
  answer: (call: LoginCall<Given<B>>) => Promise<Given<R> | Elsewhere>,
): LoginBinding {
  return { route, answer: (call) => answer(call as LoginCall<Given<B>>) };
}

type Given<P> = P extends z.ZodType ? z.infer<P> : undefined;

export function registerLoginRoutes(
  app: FastifyInstance,
  context: ServerContext,
  door: LoginDoor,
  bindings: readonly LoginBinding[],
): void {
  for (const binding of bindings) {
    const { route } = binding;
    app.route({
      method: route.method,
      url: route.path,
      bodyLimit: bodyBytesMax,
      schema: documentOf(route),
      handler: (request, reply) => respond(context, door, binding, request, reply),
    });
  }
}

async function respond(
  context: ServerContext,
  door: LoginDoor,
  { route, answer }: LoginBinding,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { ip } = request;
  const nowMs = context.nowMs();
  if (!door.rates.allows(`login ${ip}`, nowMs) || door.lockout.isLocked(ip, nowMs)) {
    throw new HandrailError('rate.limited', 'Too many tries: wait five minutes.');
  }
  if (route.method !== 'GET' && request.headers[sameSiteHeader] !== '1') {
    throw new HandrailError('access.denied', `Send the header ${sameSiteHeader}: 1.`);
  }
  reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
  const cookie = (name: string) => cookieIn(request.headers.cookie, name);
  const login = route.caller === 'login' ? await loginOf(context, cookie(loginCookie)) : undefined;
  const bytes = request.body instanceof Uint8Array ? request.body : new Uint8Array();
  const call = {
    body: bodyOf(route.body, bytes),
    target: request.raw.url ?? '',
    cookie,
    setCookie: (text: string) => void reply.header('set-cookie', text),
  };
  try {
    const given = await answer(call, login);
    return send(route, given, reply);
  } catch (error) {
    const failed = error instanceof HandrailError && error.code === 'signature.invalid';
    if (failed && route.caller === 'anyone') door.lockout.failed(ip, nowMs);
    throw error;
  }
}

function send({ reply: kind }: AnyLoginRoute, given: unknown, reply: FastifyReply): FastifyReply {
  if (isElsewhere(given)) return reply.redirect(given.redirect, 303);
  if (kind === 'none') return reply.code(204).send();
  return reply.type('application/json').send(JSON.stringify(kind.parse(given)));
}

function isElsewhere(given: unknown): given is Elsewhere {
  return typeof given === 'object' && given !== null && 'redirect' in given;
}

/** Signs in, and says so in a cookie that only this site's own pages send. */
export async function signIn(
  context: ServerContext,
  call: LoginCall<unknown>,
  identity: Login['identity'] | undefined,
): Promise<undefined> {
  if (identity === undefined) throw notSignedIn();
  const secret = await openLogin(context, identity);
  call.setCookie(cookieText(loginCookie, secret, loginSecondsMax));
  return undefined;
}

/** One answer to all that fails, so that it tells nothing about who exists. */
export function notSignedIn(): HandrailError {
  return new HandrailError('signature.invalid', 'You are not signed in: start again.');
}
