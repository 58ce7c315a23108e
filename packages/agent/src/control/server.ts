// The agent's local page and its commands, on loopback only. Commands need the token from the home
// folder; the page shows the state and nothing else.
import { timingSafeEqual } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { toBase64url } from '@handrail/core/bytes';
import { randomBytes } from '@handrail/core/seal';
import { writeFileDurably } from '../home/files.ts';
import { statusPage } from './page.ts';
import { type Command, type CommandReply, commandSchema, type Status } from './protocol.ts';

const bodyBytesMax = 16_384;

export interface ControlParts {
  /** Path of the address file. */
  readonly addressPath: string;
  readonly status: () => Promise<Status>;
  readonly command: (command: Command) => Promise<CommandReply>;
}

export async function startControl(
  parts: ControlParts,
): Promise<AsyncDisposable & { url: string }> {
  const token = toBase64url(randomBytes(32));
  const server = createServer((request, response) => {
    answer(parts, token, request, response).catch(() => send(response, 400, { ok: false }));
  });
  const port = await listen(server);
  const address = { port, token, pid: process.pid };
  await writeFileDurably(parts.addressPath, JSON.stringify(address));
  return {
    url: `http://127.0.0.1:${port}/`,
    [Symbol.asyncDispose]: async () => {
      await rm(parts.addressPath, { force: true });
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

async function answer(
  parts: ControlParts,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A page elsewhere that names this address by another host must learn nothing.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')) {
    send(response, 403, { ok: false });
  } else if (request.method === 'GET' && request.url === '/') {
    sendPage(response, statusPage(await parts.status()));
  } else if (!isAllowed(request, token)) {
    send(response, 403, { ok: false });
  } else if (request.method === 'GET' && request.url === '/status') {
    send(response, 200, await parts.status());
  } else if (request.method === 'POST' && request.url === '/command') {
    const command = commandSchema.parse(JSON.parse(await bodyOf(request)));
    send(response, 200, await parts.command(command));
  } else {
    send(response, 404, { ok: false });
  }
}

function isAllowed(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    const bytes = Buffer.from(part);
    length += bytes.length;
    if (length > bodyBytesMax) throw new Error('The command is too large.');
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString('utf8');
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function sendPage(response: ServerResponse, html: string): void {
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  response.end(html);
}
