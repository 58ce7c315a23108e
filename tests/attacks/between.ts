// Whoever stands between people and their server: passes on what is asked, notes it, and says
// something else where a test wants it to.
import { once } from 'node:events';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { utf8 } from '@handrail/core/bytes';
import { exportStanza } from '@handrail/core/dataset';

type Answer = Uint8Array | object;

export interface Between extends AsyncDisposable {
  readonly url: string;
  /** What is said instead, by method and start of the path: `GET /v1/grants/`. */
  readonly answers: Map<string, Answer>;
  /** Methods and paths that were asked for. */
  readonly asked: string[];
  /** What the server answered, by method and path. */
  readonly heard: Map<string, Buffer>;
}

export async function standBetween(behind: string): Promise<Between> {
  const answers = new Map<string, Answer>();
  const asked: string[] = [];
  const heard = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    const place = `${request.method} ${request.url}`;
    asked.push(place);
    const [start] = [...answers.keys()].filter((one) => place.startsWith(one));
    const said = start === undefined ? undefined : answers.get(start);
    if (said !== undefined) {
      response.end(said instanceof Uint8Array ? said : JSON.stringify(said));
      return;
    }
    passOn(behind, request, response).then(
      (body) => heard.set(place, body),
      () => response.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    answers,
    asked,
    heard,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A copy of a device's home that reaches its organisation at `url`. */
export async function homeReaching(url: string, home: string, copy: string): Promise<string> {
  await cp(home, copy, { recursive: true });
  await reach(url, copy);
  return copy;
}

/** From now on this device reaches its organisation at `url`. */
export async function reach(url: string, home: string): Promise<void> {
  const file = join(home, 'device.json');
  const device = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify({ ...device, url }));
}

/** An age file that says this of itself in the open, and holds nothing. */
export function exportSaying(stanza: Uint8Array): Uint8Array {
  const text = Buffer.from(stanza).toString('base64').replaceAll('=', '');
  const lines = [...(text.match(/.{1,64}/g) ?? []), ...(text.length % 64 === 0 ? [''] : [])];
  const head = ['age-encryption.org/v1', `-> ${exportStanza}`, ...lines, '--- A', ''];
  return utf8(head.join('\n'));
}

/** What lies in `folder` beside what parts of the organisation keep for themselves. */
export async function ownFiles(folder: string, ...parts: readonly string[]): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !parts.some((part) => path.startsWith(`${part}/`)))
    .sort();
}

async function passOn(
  behind: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Buffer> {
  const { method = 'GET', url = '/' } = request;
  const { host: _, connection: __, ...headers } = request.headers;
  const body = await buffer(request);
  const answered = await fetch(new URL(url, behind), {
    method,
    headers: Object.entries(headers).map(([name, value]) => [name, String(value)]),
    ...(method === 'GET' ? {} : { body: new Uint8Array(body) }),
  });
  const bytes = Buffer.from(await answered.arrayBuffer());
  response.writeHead(answered.status);
  response.end(bytes);
  return bytes;
}
