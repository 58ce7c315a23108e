// One small web site on loopback, an origin of its own: it serves the pages, remembers what they
// say about themselves, passes orders to them, and writes a saved form to a file.
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HandrailError } from '@handrail/core/errors';
import { type PageOrder, type PageState, pageStateSchema } from './page-state.ts';

const bodyBytesMax = 262_144;
const pages: Readonly<Record<string, string>> = {
  '/form': 'form.html',
  '/side': 'side.html',
  '/other': 'side.html',
};

export interface Site extends AsyncDisposable {
  /** With its port, such as `http://127.0.0.1:8123`. */
  readonly origin: string;
  /** What the page with this path said last. */
  state(page: string): PageState | undefined;
  /** Resolves when a page has said something new. */
  changed(): Promise<void>;
  tell(page: string, order: PageOrder): void;
}

/** `savedFile` is where a saved form is written. */
export async function startSite(savedFile: string): Promise<Site> {
  const site = new LocalSite(savedFile);
  await site.listen();
  return site;
}

class LocalSite implements Site {
  readonly #server = createServer((request, response) => {
    this.#answer(request, response).catch(() => response.writeHead(500).end());
  });
  readonly #savedFile: string;
  readonly #states = new Map<string, PageState>();
  readonly #listeners = new Map<string, ServerResponse>();
  #told: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(savedFile: string) {
    this.#savedFile = savedFile;
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  get origin(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  state(page: string): PageState | undefined {
    return this.#states.get(page);
  }

  changed(): Promise<void> {
    return this.#told.promise;
  }

  tell(page: string, order: PageOrder): void {
    this.#listeners.get(page)?.write(`data: ${JSON.stringify(order)}\n\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.origin);
    if (request.method === 'POST') return this.#post(pathname, request, response);
    if (pathname === '/orders') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      this.#listeners.set(searchParams.get('page') ?? '', response);
      return;
    }
    const page = pages[pathname];
    if (page !== undefined) await give(response, page, 'text/html');
    else if (pathname === '/page.js') await give(response, 'page.js', 'text/javascript');
    else response.writeHead(404).end();
  }

  async #post(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    if (path === '/save') await writeFile(this.#savedFile, body);
    if (path === '/state') this.#remember(pageStateSchema.parse(JSON.parse(body)));
    response.writeHead(204).end();
  }

  #remember(state: PageState): void {
    this.#states.set(state.page, state);
    const told = this.#told;
    this.#told = Promise.withResolvers();
    told.resolve();
  }
}

async function give(response: ServerResponse, name: string, type: string): Promise<void> {
  const bytes = await readFile(new URL(name, import.meta.url));
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(bytes);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > bodyBytesMax) throw new HandrailError('input.too-large', 'Too long a form.');
  }
  return text;
}
