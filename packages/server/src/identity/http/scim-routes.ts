// The routes of SCIM 2.0, with its media type and its errors. A bearer token opens them, which is
// kept as a hash in a file, and nothing that they answer is about what anybody did.
import { createHash } from 'node:crypto';
import { HandrailError, httpStatusOf } from '@handrail/core/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ServerContext } from '../../context.ts';
import { sameText } from '../../http/authenticate.ts';
import { documentOf } from '../../http/register.ts';
import { readSecret } from '../../secrets.ts';
import type { LoginIdentityRow } from '../../storage/tables.ts';
import { identityOf } from '../identities.ts';
import {
  endUser,
  isEnding,
  listUsers,
  scimListSchema,
  scimSchemas,
  scimUser,
  scimUserSchema,
  usersPerPageMax,
} from '../scim.ts';
import type { LoginDoor } from './login-route.ts';

const bodyBytesMax = 65_536;
const users = '/scim/v2/Users';

interface ScimCall {
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** The user that the path names. Throws `not.found`. */
  readonly user: () => Promise<LoginIdentityRow>;
}

interface ScimRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body: z.ZodType | 'none';
  readonly reply: z.ZodType | 'none';
  readonly says: string;
  readonly answer: (context: ServerContext, call: ScimCall) => Promise<unknown>;
}

const config = {
  schemas: [scimSchemas.config],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: usersPerPageMax },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
  authenticationSchemes: [
    { type: 'oauthbearertoken', name: 'Bearer token', description: 'Of the server’s settings.' },
  ],
};

const nothingGiven = async () => {
  throw new HandrailError('access.denied', 'SCIM takes rights away here, and gives none.');
};

const scimRoutes: readonly ScimRoute[] = [
  {
    ...{ method: 'GET', path: '/scim/v2/ServiceProviderConfig', body: 'none' },
    reply: z.looseObject({ schemas: z.array(z.string()) }),
    says: 'What of SCIM 2.0 is there.',
    answer: async () => config,
  },
  {
    ...{ method: 'GET', path: users, body: 'none', reply: scimListSchema },
    says: 'Who can sign in, or the one that userName eq "…" names.',
    answer: (context, { query }) => listUsers(context, query),
  },
  {
    ...{ method: 'GET', path: `${users}/:id`, body: 'none', reply: scimUserSchema },
    says: 'One who can sign in.',
    answer: async (_context, { user }) => scimUser(await user()),
  },
  {
    ...{ method: 'PATCH', path: `${users}/:id`, body: z.looseObject({}), reply: scimUserSchema },
    says: 'Ends a user’s logins and key, by active: false; anything else is refused.',
    answer: async (context, { body, user }) => {
      const row = await user();
      if (!isEnding(body)) return nothingGiven();
      await endUser(context, row);
      return scimUser({ ...row, active: false });
    },
  },
  {
    ...{ method: 'PUT', path: `${users}/:id`, body: z.looseObject({}), reply: scimUserSchema },
    says: 'Ends a user’s logins and key, by active: false; anything else is refused.',
    answer: async (context, { body, user }) => {
      const row = await user();
      if (!z.looseObject({ active: z.literal(false) }).safeParse(body).success) {
        return nothingGiven();
      }
      await endUser(context, row);
      return scimUser({ ...row, active: false });
    },
  },
  {
    ...{ method: 'DELETE', path: `${users}/:id`, body: 'none', reply: 'none' },
    says: 'Ends a user’s logins and key.',
    answer: async (context, { user }) => endUser(context, await user()),
  },
  {
    ...{ method: 'POST', path: users, body: z.looseObject({}), reply: scimUserSchema },
    says: 'Refused: nobody gets a right by being provisioned.',
    answer: nothingGiven,
  },
];

export function registerScim(app: FastifyInstance, context: ServerContext, door: LoginDoor): void {
  for (const route of scimRoutes) {
    app.route({
      method: route.method,
      url: route.path,
      bodyLimit: bodyBytesMax,
      schema: documentOf({ ...route, caller: 'scim' }),
      handler: (request, reply) => respond(context, door, route, request, reply),
    });
  }
}

async function respond(
  context: ServerContext,
  door: LoginDoor,
  { reply: kind, answer }: ScimRoute,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  reply.type('application/scim+json').header('cache-control', 'no-store');
  try {
    await requireToken(context, door, request);
    const given = await answer(context, callOf(context, request));
    if (kind === 'none') return reply.code(204).send();
    return reply.send(JSON.stringify(kind.parse(given)));
  } catch (error) {
    if (!(error instanceof HandrailError)) throw error;
    const status = httpStatusOf(error.code);
    const { message: detail } = error;
    const problem = { schemas: [scimSchemas.error], status: String(status), detail };
    return reply.code(status).send(JSON.stringify(problem));
  }
}

/** Throws `signature.invalid`, also where SCIM is not set up, and `rate.limited`. */
async function requireToken(
  { config: { scimTokenHashFile }, nowMs }: ServerContext,
  { rates, lockout }: LoginDoor,
  { ip, headers }: FastifyRequest,
): Promise<void> {
  if (!rates.allows(`scim ${ip}`, nowMs()) || lockout.isLocked(ip, nowMs())) {
    throw new HandrailError('rate.limited', 'Too many tries: wait five minutes.');
  }
  const [, token] = /^Bearer ([\x21-\x7e]{16,512})$/.exec(headers.authorization ?? '') ?? [];
  const hash = createHash('sha256')
    .update(token ?? '')
    .digest('hex');
  const known = scimTokenHashFile === undefined ? '' : await readSecret(scimTokenHashFile);
  if (token !== undefined && sameText(hash, known.slice(0, 64).toLowerCase())) return;
  lockout.failed(ip, nowMs());
  throw new HandrailError('signature.invalid', 'The bearer token is not the one of the settings.');
}

function callOf({ db }: ServerContext, request: FastifyRequest): ScimCall {
  const [, query = ''] = (request.raw.url ?? '').split('?');
  return {
    query: new URLSearchParams(query),
    body: jsonOf(request.body),
    user: async () => {
      const { id = '' } = request.params as { readonly id?: string };
      const row = await identityOf(db, id);
      if (row !== undefined) return row;
      throw new HandrailError('not.found', 'There is no such user.');
    },
  };
}

function jsonOf(body: unknown): unknown {
  if (!(body instanceof Uint8Array) || body.length === 0) return undefined;
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    throw new HandrailError('input.invalid', 'The request is not JSON.');
  }
}
