// One connection to a D-Bus daemon over a Unix socket. Calls made in one turn leave in one write.
import { createConnection, type Socket } from 'node:net';
import { HandrailError } from '@handrail/core/errors';
import {
  fixedHeaderBytes,
  type Incoming,
  type MethodCall,
  messageLength,
  readMessage,
  writeCall,
} from './message.ts';
import { ValueWriter } from './write-value.ts';

const connectMillisecondsMax = 10_000;
const greetingBytesMax = 4_096;
const accepted = 'OK ';
const lineEnd = 2;

export interface DbusConnection extends AsyncDisposable {
  /** Sends a call; gives the serial that its answer names. */
  send(call: MethodCall): number;
  onMessage(listener: (message: Incoming) => void): void;
  /** Called once when the daemon hangs up or speaks nonsense. */
  onGone(listener: () => void): void;
}

/** Connects to an address such as `unix:path=/run/user/1000/bus`. Throws `capture.unavailable`. */
export async function connectDbus(address: string): Promise<DbusConnection> {
  const socket = createConnection({ path: socketPath(address) });
  socket.setTimeout(connectMillisecondsMax, () => socket.destroy());
  try {
    const rest = await greet(socket);
    socket.setTimeout(0);
    return new Connection(socket, rest);
  } catch (cause) {
    socket.destroy();
    if (cause instanceof HandrailError) throw cause;
    throw unavailable(cause);
  }
}

/** The first Unix socket that an address names. */
export function socketPath(address: string): string {
  for (const each of address.split(';')) {
    if (!each.startsWith('unix:')) continue;
    const pairs = each
      .slice('unix:'.length)
      .split(',')
      .map((pair) => pair.split('='));
    const known = Object.fromEntries(pairs.map(([key, value]) => [key, unescaped(value ?? '')]));
    if (known.path) return known.path;
    if (known.abstract) return `\0${known.abstract}`;
  }
  throw unavailable();
}

function unescaped(value: string): string {
  return value.replaceAll(/%([0-9a-fA-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}

/** Says who we are, as the socket proves (EXTERNAL). Gives what came after the greeting. */
function greet(socket: Socket): Promise<Buffer> {
  const user = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
  return new Promise((resolve, reject) => {
    let heard = Buffer.alloc(0);
    socket.once('error', reject);
    socket.once('close', () => reject(unavailable()));
    socket.on('data', (chunk) => {
      heard = Buffer.concat([heard, chunk]);
      const end = heard.indexOf('\r\n');
      if (end < 0 && heard.length <= greetingBytesMax) return;
      if (heard.toString('latin1', 0, accepted.length) !== accepted) return reject(unavailable());
      socket.removeAllListeners('data').pause();
      socket.write('BEGIN\r\n');
      resolve(heard.subarray(end + lineEnd));
    });
    socket.write(`\0AUTH EXTERNAL ${user}\r\n`);
  });
}

class Connection implements DbusConnection {
  readonly #socket: Socket;
  readonly #writer = new ValueWriter();
  readonly #listeners: ((message: Incoming) => void)[] = [];
  readonly #gone: (() => void)[] = [];
  #pending: Buffer;
  #serial = 0;
  #isDue = false;
  #ended = false;

  constructor(socket: Socket, rest: Buffer) {
    this.#socket = socket;
    this.#pending = rest;
    socket.on('data', (chunk) => this.#receive(chunk)).resume();
    socket.on('error', () => this.#end());
    socket.on('close', () => this.#end());
    // Every bus wants to be greeted before anything else.
    const daemon = 'org.freedesktop.DBus';
    const path = '/org/freedesktop/DBus';
    this.send({
      destination: daemon,
      path,
      iface: daemon,
      member: 'Hello',
      signature: '',
      body: [],
    });
  }

  send(call: MethodCall): number {
    this.#serial = (this.#serial % 0x7fff_ffff) + 1;
    writeCall(this.#writer, call, this.#serial);
    if (!this.#isDue) setImmediate(() => this.#flush());
    this.#isDue = true;
    return this.#serial;
  }

  onMessage(listener: (message: Incoming) => void): void {
    this.#listeners.push(listener);
  }

  onGone(listener: () => void): void {
    this.#gone.push(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#gone.length = 0;
    this.#end();
  }

  #flush(): void {
    this.#isDue = false;
    if (!this.#ended) this.#socket.write(this.#writer.take());
  }

  #receive(chunk: Buffer): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    try {
      let from = 0;
      while (this.#pending.length - from >= fixedHeaderBytes && !this.#ended) {
        const rest = this.#pending.subarray(from);
        const length = messageLength(rest);
        if (rest.length < length) break;
        const message = readMessage(rest.subarray(0, length));
        from += length;
        for (const listener of this.#listeners) listener(message);
      }
      this.#pending = this.#pending.subarray(from);
    } catch {
      // What comes after something that cannot be read cannot be told apart.
      this.#end();
    }
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#socket.destroy();
    for (const listener of this.#gone) listener();
  }
}

function unavailable(cause?: unknown): HandrailError {
  const message = 'Start the desktop with a session bus and at-spi2-core first.';
  return new HandrailError('capture.unavailable', message, { cause });
}
