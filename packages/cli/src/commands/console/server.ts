// The console's address on loopback. Its page gets in with a word from the address line that works
// once; whatever else is asked needs what it got for it. Nothing here is cached or written.
import { timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { fromUtf8, toBase64url } from '@handrail/core/bytes';
import { HandrailError, httpStatusOf } from '@handrail/core/errors';
import { randomBytes } from '@handrail/core/seal';
import { z } from 'zod';
import { OpenReadings } from './open-readings.ts';
import type { Room } from './rooms.ts';

const bodyBytesMax = 16_384;

const files = {
  '/': { name: 'index.html', type: 'text/html; charset=utf-8' },
  '/console.js': { name: 'console.js', type: 'text/javascript; charset=utf-8' },
  '/console.css': { name: 'console.css', type: 'text/css; charset=utf-8' },
} as const;

const headers = {
  'cache-control': 'no-store',
  'content-security-policy': [
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'",
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

const enterSchema = z.strictObject({ word: z.string().max(100) });
const grantField = { grant: z.string().max(100).optional() };
const openSchema = z.union([
  z.strictObject({ ...grantField, trajectory: z.string().max(100) }),
  z.strictObject({ ...grantField, segment: z.string().max(100) }),
]);
const approveSchema = z.strictObject({ grant: z.string().max(100), digest: z.string().max(64) });

interface Console {
  readonly room: Room;
  readonly readings: OpenReadings;
  /** What a page shows that got in. */
  readonly token: string;
  /** In the address line; undefined once it was used. */
  word: string | undefined;
}

export async function startConsole(
  room: Room,
  port: number,
): Promise<AsyncDisposable & { readonly url: string }> {
  const [word, token] = [fresh(), fresh()];
  const desk: Console = { room, readings: new OpenReadings(), token, word };
  const server = createServer((request, response) => {
    answer(desk, request, response).catch((error: unknown) => sendError(response, error));
  });
  const at = await listen(server, port);
  return {
    url: `http://127.0.0.1:${at}/#${word}`,
    [Symbol.asyncDispose]: async () => {
      await desk.readings[Symbol.asyncDispose]();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  desk: Console,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = '', url = '' } = request;
  // A page elsewhere that names this address by another host must learn nothing.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')) throw denied();
  if (method === 'GET' && url in files) return sendFile(response, url as keyof typeof files);
  if (method === 'POST' && url === '/api/enter') {
    const { word } = enterSchema.parse(await bodyOf(request));
    if (desk.word === undefined || !same(word, desk.word)) throw denied();
    desk.word = undefined;
    return sendJson(response, { token: desk.token });
  }
  if (!same(request.headers.authorization ?? '', `Bearer ${desk.token}`)) throw denied();
  await serve(desk, `${method} ${url}`, request, response);
}

/** For a page that got in. */
async function serve(
  { room, readings }: Console,
  asked: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, frameOf, place] = /^GET \/api\/readings\/(\w+)\/frames\/(\d{1,6})$/.exec(asked) ?? [];
  const [, closed] = /^DELETE \/api\/readings\/(\w+)$/.exec(asked) ?? [];
  if (frameOf !== undefined) {
    const image = await readings.image(frameOf, Number(place));
    response.writeHead(200, { ...headers, 'content-type': 'image/webp' });
    response.end(image);
  } else if (closed !== undefined) {
    await readings.close(closed);
    sendJson(response, {});
  } else if (asked === 'GET /api/home') {
    const [readable, waiting] = await Promise.all([room.readable(), room.waiting()]);
    sendJson(response, { who: room.who, readable, waiting });
  } else if (asked === 'POST /api/readings') {
    const { grant, ...subject } = openSchema.parse(await bodyOf(request));
    sendJson(response, await readings.open(room.readerOf(grant), subject));
  } else if (asked === 'POST /api/approvals') {
    const { grant, digest } = approveSchema.parse(await bodyOf(request));
    await room.approve(grant, digest);
    sendJson(response, {});
  } else throw new HandrailError('not.found', 'There is no such thing here.');
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    const bytes = Buffer.from(part);
    length += bytes.length;
    if (length > bodyBytesMax) throw new HandrailError('input.too-large', 'Send less at once.');
    parts.push(bytes);
  }
  return JSON.parse(fromUtf8(Buffer.concat(parts)));
}

async function sendFile(response: ServerResponse, path: keyof typeof files): Promise<void> {
  const { name, type } = files[path];
  const bytes = await readFile(new URL(`./page/${name}`, import.meta.url));
  response.writeHead(200, { ...headers, 'content-type': type });
  response.end(bytes);
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { ...headers, 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** What is not ours to say is not said. */
function sendError(response: ServerResponse, error: unknown): void {
  const known = error instanceof HandrailError;
  const status = known ? httpStatusOf(error.code) : 400;
  response.writeHead(status, { ...headers, 'content-type': 'application/json' });
  response.end(JSON.stringify({ says: known ? error.message : 'This cannot be done.' }));
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

function fresh(): string {
  return toBase64url(randomBytes(32));
}

function denied(): HandrailError {
  return new HandrailError('access.denied', 'Start the console again, and open its address.');
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
