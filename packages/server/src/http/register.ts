// Puts bindings behind Fastify: body limit, signature, schema, answer, problem document. Nothing of
// a body or an address with an id reaches the log.
import { HandrailError, httpStatusOf } from '@handrail/core/errors';
import { sealedBytesMax } from '@handrail/core/segment';
import { type Payload, problemOf, problemSchema, type Route } from '@handrail/core/wire';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ServerContext } from '../context.ts';
import { within } from '../storage/within.ts';
import { authenticate, type Doorkeeper } from './authenticate.ts';
import type { Binding } from './binding.ts';

export const jsonBytesMax = 4 * 1024 * 1024;
export const objectBytesMax = 64 * 1024 * 1024;
const answerMsMax = 20_000;
const nothing = Buffer.alloc(0);

/** Registers `bindings` exactly as their routes say. */
export function register(
  app: FastifyInstance,
  context: ServerContext,
  door: Doorkeeper,
  bindings: readonly Binding[],
): void {
  for (const binding of bindings) {
    const { route } = binding;
    app.route({
      method: route.method,
      url: route.path,
      bodyLimit: bodyLimitOf(binding),
      schema: documentOf(route),
      onRequest: (request, reply, done) => {
        const { 'content-length': length, 'transfer-encoding': chunked } = request.headers;
        const given = chunked === undefined ? (length ?? '0') : undefined;
        reply.raw.once('close', door.bodies.take(given, bodyLimitOf(binding)));
        done();
      },
      handler: (request, reply) => respond(context, door, binding, request, reply),
    });
  }
}

async function respond(
  context: ServerContext,
  door: Doorkeeper,
  { route, answer }: Binding,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const body = request.body instanceof Uint8Array ? request.body : nothing;
  const who = await authenticate(context, door, route, {
    method: route.method,
    target: request.raw.url ?? '',
    headers: request.headers,
    body,
    address: request.ip,
  });
  const params: Readonly<Record<string, string>> = Object.assign({}, request.params);
  const param = (name: string) => params[name] ?? '';
  const given = await within(answer(bodyOf(route.body, body), param, who), answerMsMax);
  if (route.reply === 'none') return reply.code(204).send();
  if (route.reply === 'bytes') return reply.type('application/octet-stream').send(given);
  return reply.type('application/json').send(JSON.stringify(route.reply.parse(given)));
}

export function bodyOf(kind: Payload, body: Uint8Array): unknown {
  if (kind === 'none') return undefined;
  if (kind === 'bytes') return body;
  const parsed = kind.safeParse(jsonOf(body));
  if (parsed.success) return parsed.data;
  // Names of fields are ours; values are not, and stay out of the message.
  const field = parsed.error.issues[0]?.path.join('.') || 'the body';
  throw new HandrailError('input.invalid', `The request does not fit the API: look at ${field}.`);
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Every failure as a problem document (RFC 9457); what is not ours becomes `internal`. */
export function sendProblem(context: ServerContext, error: unknown, reply: FastifyReply) {
  const known = knownError(error);
  if (known.code === 'internal') {
    const kind = error instanceof Error ? `${error.name}: ${error.stack ?? ''}` : 'no error';
    context.log.error({ kind }, 'a request failed');
  }
  return reply
    .code(httpStatusOf(known.code))
    .type('application/problem+json')
    .send(JSON.stringify(problemOf(known)));
}

function knownError(error: unknown): HandrailError {
  if (error instanceof HandrailError) return error;
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : 500;
  if (status === 413) return new HandrailError('input.too-large', 'The body is too large.');
  if (status === 404) return new HandrailError('not.found', 'There is no such thing here.');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new HandrailError('input.invalid', 'The request is not well formed.');
  }
  return new HandrailError('internal', 'The server failed: its log says more.', { cause: error });
}

function bodyLimitOf({ route }: Binding): number {
  if (route.body === 'none') return 1;
  if (route.body !== 'bytes') return jsonBytesMax;
  return route.caller === 'device' ? sealedBytesMax : objectBytesMax;
}

export function documentOf(route: Pick<Route, 'body' | 'reply' | 'says'> & { caller: string }) {
  const binary = z.string().meta({ format: 'binary' });
  const reply =
    route.reply === 'bytes'
      ? { content: { 'application/octet-stream': { schema: binary } } }
      : route.reply;
  return {
    summary: route.says,
    description: `Caller: ${route.caller}.`,
    ...(route.body === 'none' ? {} : bodyDocument(route.body, binary)),
    response: {
      ...(reply === 'none' ? { 204: z.null() } : { 200: reply }),
      default: { content: { 'application/problem+json': { schema: problemSchema } } },
    },
  };
}

function bodyDocument(body: Exclude<Payload, 'none'>, binary: z.ZodType) {
  return body === 'bytes'
    ? { body: binary, consumes: ['application/octet-stream'] }
    : { body, consumes: ['application/json'] };
}
