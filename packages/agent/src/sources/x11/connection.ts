// One connection to an X server. Requests are promises that also end when the server goes away,
// and losing the server is told to listeners instead of thrown.
import { HandrailError } from '@handrail/core/errors';
import x11 from 'x11';
import type { Done, XClient, XDisplay, XScreen } from './client.ts';

const pendingRequestsMax = 65_536;
const connectMillisecondsMax = 10_000;
/** Requests of one turn leave together, also those that wait for a reply. */
const inOneWrite = { flushOnReply: false };

export interface XConnection extends AsyncDisposable {
  readonly client: XClient;
  readonly display: XDisplay;
  readonly screen: XScreen;
  readonly root: number;
  /** Sends a request and awaits its reply. Rejects with `capture.unavailable`. */
  ask<T>(request: (client: XClient, done: Done<T>) => void): Promise<T>;
  /** As `ask`, but a refusal (a window that has gone meanwhile) is undefined. */
  tryAsk<T>(request: (client: XClient, done: Done<T>) => void): Promise<T | undefined>;
  extension<T>(name: string): Promise<T>;
  atom(name: string): Promise<number>;
  /** Called once when the connection ends other than by disposal. */
  onGone(listener: () => void): void;
}

/** Connects to a display such as `:7`. Throws `capture.unavailable`. */
export async function connectX(display: string): Promise<XConnection> {
  const opened = await open(display);
  const screen = opened.screen[0];
  if (!screen) throw new HandrailError('capture.unavailable', 'The X server has no screen.');
  return new Connection(opened, screen);
}

function open(display: string): Promise<XDisplay> {
  return new Promise((resolve, reject) => {
    const refuse = (cause?: unknown) => {
      clearTimeout(timer);
      const message = `Start an X server on display ${display} first.`;
      reject(new HandrailError('capture.unavailable', message, { cause }));
    };
    const timer = setTimeout(refuse, connectMillisecondsMax);
    const options = { display, bufferRequests: inOneWrite };
    const client = x11.createClient(options, (error, opened) => {
      if (error) return refuse(error);
      clearTimeout(timer);
      resolve(opened as XDisplay);
    }) as XClient;
    client.on('error', refuse);
  });
}

class Connection implements XConnection {
  readonly client: XClient;
  readonly display: XDisplay;
  readonly screen: XScreen;
  readonly root: number;
  readonly #pending = new Set<(reason: HandrailError) => void>();
  readonly #listeners: (() => void)[] = [];
  #ended = false;

  constructor(display: XDisplay, screen: XScreen) {
    this.client = display.client;
    // The package shares one table of atoms among all servers, whose numbers differ: this is ours.
    this.client.atoms = { ...this.client.atoms };
    this.display = display;
    this.screen = screen;
    this.root = screen.root;
    this.client.on('end', () => this.#end(true));
    this.client.stream.once('close', () => this.#end(true));
    this.client.on('error', (error) => {
      // Protocol errors about a window that has just closed are ordinary; a socket's is the end.
      if (isSocketError(error)) this.#end(true);
    });
  }

  ask<T>(request: (client: XClient, done: Done<T>) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#ended || this.#pending.size >= pendingRequestsMax) return reject(unavailable());
      this.#pending.add(reject);
      request(this.client, (error, value) => {
        this.#pending.delete(reject);
        if (error) reject(unavailable(error));
        else resolve(value);
        return true;
      });
    });
  }

  tryAsk<T>(request: (client: XClient, done: Done<T>) => void): Promise<T | undefined> {
    return this.ask(request).catch(() => undefined);
  }

  async extension<T>(name: string): Promise<T> {
    return (await this.ask<unknown>((client, done) => client.require(name, done))) as T;
  }

  atom(name: string): Promise<number> {
    return this.ask((client, done) => client.InternAtom(false, name, done));
  }

  onGone(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended) return;
    this.#end(false);
    const { stream } = this.client;
    const closed = new Promise<void>((resolve) => stream.once('close', () => resolve()));
    this.client.terminate();
    // Ending writes only is not enough: a recording connection would go on receiving.
    stream.destroy();
    await closed;
  }

  #end(unasked: boolean): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const reject of this.#pending) reject(unavailable());
    this.#pending.clear();
    if (unasked) for (const listener of this.#listeners) listener();
  }
}

function unavailable(cause?: unknown): HandrailError {
  return new HandrailError('capture.unavailable', 'The X server refused or went away.', { cause });
}

function isSocketError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
