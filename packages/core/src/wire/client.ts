// The typed client: fills a route's path, signs, sends, and checks the reply against its schema.
// How bytes travel is given by the host, so that this stays free of I/O.
import { fromUtf8, utf8 } from '../bytes/index.ts';
import { HandrailError } from '../errors/index.ts';
import type { Signer } from '../seal/index.ts';
import { errorOfProblem } from './problem.ts';
import type { Payload, PayloadOf, Route } from './route.ts';
import { signRequest } from './signed-request.ts';

export interface WireRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface WireReply {
  readonly status: number;
  readonly body: Uint8Array;
}

/** Sends one request. Rejects with `unreachable` or `timeout`; any status is a reply. */
export type Transport = (request: WireRequest) => Promise<WireReply>;

export interface ClientContext {
  readonly transport: Transport;
  /** Undefined: only routes for anyone can be called. */
  readonly signer: Signer | undefined;
  readonly nowMs: () => number;
  readonly randomBytes: (length: number) => Uint8Array;
}

export interface CallInput<B extends Payload> {
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: PayloadOf<B>;
}

/** Calls `route`. Throws the server's error by its code, or `unreachable` for unknown replies. */
export async function call<B extends Payload, R extends Payload>(
  context: ClientContext,
  route: Route<B, R>,
  input: CallInput<B>,
): Promise<PayloadOf<R>> {
  const target = fillPath(route.path, input.params ?? {});
  const body = bodyBytes(route.body, input.body);
  const parts = { method: route.method, target, body };
  const headers = {
    'content-type': contentType(route.body),
    ...(await signed(context, route, parts)),
  };
  const reply = await context.transport({ ...parts, headers });
  if (reply.status >= 400) throw errorOfProblem(jsonOf(reply.body));
  return readReply(route.reply, reply.body) as PayloadOf<R>;
}

function signed(context: ClientContext, route: Route, parts: Parameters<typeof signRequest>[1]) {
  if (route.caller === 'anyone') return {};
  if (context.signer === undefined) {
    throw new HandrailError('access.denied', 'This needs a key: join first, or name a --home.');
  }
  const createdSeconds = Math.floor(context.nowMs() / 1000);
  return signRequest(context.signer, parts, createdSeconds, context.randomBytes(16));
}

/** Fills `:name` and `*` (from `params['*']`). Throws `usage.invalid` for a missing part. */
export function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  const part = (name: string) => {
    const value = params[name];
    if (value === undefined) throw new HandrailError('usage.invalid', `The path needs ${name}.`);
    return name === '*'
      ? value.split('/').map(encodeURIComponent).join('/')
      : encodeURIComponent(value);
  };
  return path.replaceAll(/:[a-zA-Z]+|\*/g, (name) => part(name.replace(':', '')));
}

function contentType(kind: Payload): string {
  return kind === 'bytes' ? 'application/octet-stream' : 'application/json';
}

function bodyBytes(kind: Payload, body: unknown): Uint8Array {
  if (kind === 'none') return new Uint8Array();
  if (kind !== 'bytes') return utf8(JSON.stringify(body));
  if (body instanceof Uint8Array) return body;
  throw new HandrailError('usage.invalid', 'This call takes bytes.');
}

function readReply(kind: Payload, body: Uint8Array): unknown {
  if (kind === 'none') return undefined;
  if (kind === 'bytes') return body;
  const parsed = kind.safeParse(jsonOf(body));
  if (parsed.success) return parsed.data;
  throw new HandrailError('unreachable', 'The server answered in a form that is not known here.');
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(body));
  } catch {
    return undefined;
  }
}
