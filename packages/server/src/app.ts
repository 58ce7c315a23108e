// The server as a whole: settings in, a served programme out.
import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { parseConfig, type ServerSettings } from './config.ts';
import type { ServerContext } from './context.ts';
import { startHousekeeping } from './housekeeping.ts';
import { BodyBudget } from './http/body-budget.ts';
import { bystanderBindings } from './http/bystander-bindings.ts';
import { deviceBindings } from './http/device-bindings.ts';
import { incidentBindings } from './http/incident-bindings.ts';
import { personBindings } from './http/person-bindings.ts';
import { publicBindings } from './http/public-bindings.ts';
import { RateLimit } from './http/rate-limit.ts';
import { jsonBytesMax, register, sendProblem } from './http/register.ts';
import { ReplayList } from './http/replay-list.ts';
import { vaultBindings } from './http/vault-bindings.ts';
import { loginKeyBindings } from './identity/http/key-bindings.ts';
import { Lockout } from './identity/http/lockout.ts';
import { loginBindings } from './identity/http/login-bindings.ts';
import { registerLoginRoutes } from './identity/http/login-route.ts';
import { callbackPath, oidcBindings } from './identity/http/oidc-bindings.ts';
import { passkeyBindings } from './identity/http/passkey-bindings.ts';
import { registerScim } from './identity/http/scim-routes.ts';
import { Oidc } from './identity/oidc.ts';
import { Passkeys } from './identity/passkeys.ts';
import { type OpenOptions, openContext } from './open-context.ts';

const requestMsMax = 60_000;
const connectionsMax = 4_096;
const paramLettersMax = 200;

export interface RunningServer {
  /** Without a slash at the end. */
  readonly url: string;
  /** Resolves, with why, once nothing can be answered any more: start again. */
  readonly broken: Promise<Error>;
  /** Answers what has come in, then closes everything. */
  close(): Promise<void>;
}

/** Throws `data.locked`, `usage.invalid`, `storage.broken`, `ledger.unverified`. */
export async function startServer(
  settings: ServerSettings,
  options: OpenOptions = {},
): Promise<RunningServer> {
  const config = parseConfig(settings);
  const stack = new AsyncDisposableStack();
  try {
    const context = await openContext(config, stack, options);
    const app = await buildApp(context);
    stack.use(startHousekeeping(context));
    stack.defer(() => app.close());
    const url = await app.listen({ host: config.host, port: config.port });
    return { url, broken: context.databaseLost, close: () => stack.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** All routes of core/wire, and their document at `/v1/openapi.json`. */
export async function buildApp(context: ServerContext): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    bodyLimit: jsonBytesMax,
    requestTimeout: requestMsMax,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: paramLettersMax },
  });
  app.server.maxConnections = connectionsMax;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  // Bodies are checked after their signature, in register.ts; the schemas here are the document.
  app.setValidatorCompiler(() => (value) => ({ value }));
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  app.setErrorHandler((error, _request, reply) => sendProblem(context, error, reply));
  app.setNotFoundHandler((_request, reply) =>
    sendProblem(context, Object.assign(new Error('No such route.'), { statusCode: 404 }), reply),
  );
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request;
    context.log.info({ method, route: routeOptions.url, status: reply.statusCode }, 'answered');
  });
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Handrail', version: '1' } },
    transform: jsonSchemaTransform,
  });
  await app.register(async (routes) => {
    const door = {
      replays: new ReplayList(Math.floor(context.nowMs() / 1000)),
      rates: new RateLimit(context.config.requestsPerSecondMax),
      bodies: new BodyBudget(),
    };
    register(routes, context, door, [
      ...publicBindings(context),
      ...deviceBindings(context),
      ...personBindings(context),
      ...vaultBindings(context),
      ...incidentBindings(context),
      ...bystanderBindings(context),
      ...loginKeyBindings(context),
    ]);
    const { rates } = door;
    const origin = () => context.config.publicUrl?.replace(/\/$/, '') ?? app.listeningOrigin;
    const oidc = new Oidc(context, () => `${origin()}${callbackPath}`);
    const loginDoor = { rates, lockout: new Lockout() };
    registerScim(routes, context, loginDoor);
    registerLoginRoutes(routes, context, loginDoor, [
      ...loginBindings(context),
      ...oidcBindings(context, oidc),
      ...passkeyBindings(context, new Passkeys(context, origin)),
    ]);
  });
  app.get('/v1/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  return app;
}
