// The accessibility bus (AT-SPI 2 over D-Bus), found through the session bus of a given address.
// Calls are pipelined, each with a limit; an object that has gone answers with undefined.
import { HandrailError } from '@handrail/core/errors';
import dbus, { type Message, type MessageBus } from 'dbus-next';

const callMillisecondsMax = 1_000;
const pendingCallsMax = 16_384;
const connectMillisecondsMax = 10_000;

/** One accessible object: its application's bus name and its path. */
export interface NodeRef {
  readonly name: string;
  readonly path: string;
}

export interface AccessibilityBus extends AsyncDisposable {
  /** Calls a method; undefined when the object has gone, refuses or is too slow. */
  call(
    node: NodeRef,
    iface: string,
    member: string,
    args?: { readonly signature: string; readonly body: readonly unknown[] },
  ): Promise<readonly unknown[] | undefined>;
  /** Reads a property, without its variant. */
  property(node: NodeRef, iface: string, name: string): Promise<unknown>;
  onSignal(listener: (message: Message) => void): void;
  match(rule: string): Promise<void>;
  onGone(listener: () => void): void;
}

/** Connects by the session bus's address. Throws `capture.unavailable`. */
export async function connectAccessibility(sessionAddress: string): Promise<AccessibilityBus> {
  const session = new Bus(await open(sessionAddress));
  try {
    const registry = { name: 'org.a11y.Bus', path: '/org/a11y/bus' };
    const answer = await session.call(registry, 'org.a11y.Bus', 'GetAddress');
    const address = answer?.[0];
    if (typeof address !== 'string' || address === '') throw unavailable();
    return new Bus(await open(address));
  } finally {
    await session[Symbol.asyncDispose]();
  }
}

function open(address: string): Promise<MessageBus> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(unavailable()), connectMillisecondsMax);
    try {
      const bus = dbus.sessionBus({ busAddress: address });
      bus.on('error', (cause) => {
        clearTimeout(timer);
        reject(unavailable(cause));
      });
      bus.on('connect', () => {
        clearTimeout(timer);
        resolve(bus);
      });
    } catch (cause) {
      clearTimeout(timer);
      reject(unavailable(cause));
    }
  });
}

class Bus implements AccessibilityBus {
  readonly #bus: MessageBus;
  readonly #gone: (() => void)[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #stream: Stream | undefined;
  #isCorked = false;
  #ended = false;

  constructor(bus: MessageBus) {
    this.#bus = bus;
    bus.on('error', () => this.#end());
    const connection = connectionOf(bus);
    this.#stream = connection?.stream;
    // The package says nothing when the daemon hangs up: its connection does.
    connection?.on('end', () => this.#end());
  }

  call(
    node: NodeRef,
    iface: string,
    member: string,
    args: { readonly signature: string; readonly body: readonly unknown[] } = emptyArguments,
  ): Promise<readonly unknown[] | undefined> {
    if (this.#ended || this.#waiting.size >= pendingCallsMax) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const settle = (answer?: readonly unknown[]) => {
        clearTimeout(timer);
        this.#waiting.delete(giveUp);
        resolve(answer);
      };
      const giveUp = () => settle();
      const timer = setTimeout(giveUp, callMillisecondsMax);
      this.#waiting.add(giveUp);
      const message = new dbus.Message({
        destination: node.name,
        path: node.path,
        interface: iface,
        member,
        signature: args.signature,
        body: [...args.body],
      });
      this.#cork();
      this.#bus.call(message).then((reply) => settle(reply?.body), giveUp);
    });
  }

  /** Hundreds of calls made at once leave in one write instead of one write each. */
  #cork(): void {
    const stream = this.#stream;
    if (!stream || this.#isCorked) return;
    this.#isCorked = true;
    stream.cork();
    setImmediate(() => {
      this.#isCorked = false;
      stream.uncork();
    });
  }

  async property(node: NodeRef, iface: string, name: string): Promise<unknown> {
    const answer = await this.call(node, 'org.freedesktop.DBus.Properties', 'Get', {
      signature: 'ss',
      body: [iface, name],
    });
    const [variant] = answer ?? [];
    return variant instanceof dbus.Variant ? variant.value : undefined;
  }

  onSignal(listener: (message: Message) => void): void {
    this.#bus.on('message', (message) => {
      if (message.type === dbus.MessageType.SIGNAL) listener(message);
    });
  }

  async match(rule: string): Promise<void> {
    const daemon = { name: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus' };
    const args = { signature: 's', body: [rule] };
    const answer = await this.call(daemon, 'org.freedesktop.DBus', 'AddMatch', args);
    if (!answer) throw unavailable();
  }

  onGone(listener: () => void): void {
    this.#gone.push(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended) return;
    this.#gone.length = 0;
    this.#end();
    this.#bus.disconnect();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const giveUp of this.#waiting) giveUp();
    for (const listener of this.#gone) listener();
  }
}

const emptyArguments = { signature: '', body: [] } as const;

interface Stream {
  cork(): void;
  uncork(): void;
}

interface Connection {
  readonly stream?: Stream;
  on(event: 'end', listener: () => void): void;
}

function connectionOf(bus: MessageBus): Connection | undefined {
  return (bus as unknown as { readonly _connection?: Connection })._connection;
}

function unavailable(cause?: unknown): HandrailError {
  const message = 'Start the desktop with an accessibility bus (at-spi2-core) first.';
  return new HandrailError('capture.unavailable', message, { cause });
}
