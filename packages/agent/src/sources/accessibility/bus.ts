// The accessibility bus (AT-SPI 2 over D-Bus), found through the session bus of a given address.
// Calls are pipelined, each with a limit; an object that has gone answers with undefined.
import { HandrailError } from '@handrail/core/errors';
import { connectDbus, type DbusConnection } from '../dbus/connection.ts';
import type { Incoming, Signal } from '../dbus/message.ts';

const callMillisecondsMax = 1_000;
const pendingCallsMax = 16_384;
const sweepMilliseconds = 250;

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
  onSignal(listener: (signal: Signal) => void): void;
  match(rule: string): Promise<void>;
  onGone(listener: () => void): void;
}

/** Connects by the session bus's address. Throws `capture.unavailable`. */
export async function connectAccessibility(sessionAddress: string): Promise<AccessibilityBus> {
  await using session = new Bus(await connectDbus(sessionAddress));
  const registry = { name: 'org.a11y.Bus', path: '/org/a11y/bus' };
  const answer = await session.call(registry, 'org.a11y.Bus', 'GetAddress');
  const address = answer?.[0];
  if (typeof address !== 'string' || address === '') throw unavailable();
  return new Bus(await connectDbus(address));
}

interface Question {
  readonly dueAtMs: number;
  readonly settle: (answer?: readonly unknown[]) => void;
}

class Bus implements AccessibilityBus {
  readonly #connection: DbusConnection;
  readonly #gone: (() => void)[] = [];
  readonly #signals: ((signal: Signal) => void)[] = [];
  /** By serial, the oldest first. */
  readonly #questions = new Map<number, Question>();
  #sweep: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(connection: DbusConnection) {
    this.#connection = connection;
    connection.onMessage((message) => this.#hear(message));
    connection.onGone(() => this.#end());
  }

  call(
    node: NodeRef,
    iface: string,
    member: string,
    args: { readonly signature: string; readonly body: readonly unknown[] } = emptyArguments,
  ): Promise<readonly unknown[] | undefined> {
    if (this.#ended || this.#questions.size >= pendingCallsMax) return Promise.resolve(undefined);
    return new Promise((settle) => {
      const { signature, body } = args;
      const call = { destination: node.name, path: node.path, iface, member, signature, body };
      const serial = this.#connection.send(call);
      this.#questions.set(serial, { dueAtMs: performance.now() + callMillisecondsMax, settle });
      this.#sweep ??= setTimeout(() => this.#giveUp(), sweepMilliseconds);
    });
  }

  async property(node: NodeRef, iface: string, name: string): Promise<unknown> {
    const answer = await this.call(node, 'org.freedesktop.DBus.Properties', 'Get', {
      signature: 'ss',
      body: [iface, name],
    });
    return answer?.[0];
  }

  onSignal(listener: (signal: Signal) => void): void {
    this.#signals.push(listener);
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
    this.#gone.length = 0;
    this.#end();
    await this.#connection[Symbol.asyncDispose]();
  }

  #hear(message: Incoming): void {
    if (message.kind === 'signal') for (const listener of this.#signals) listener(message);
    if (message.kind !== 'answer' && message.kind !== 'refusal') return;
    const question = this.#questions.get(message.serial);
    this.#questions.delete(message.serial);
    question?.settle(message.kind === 'answer' ? message.body : undefined);
  }

  /** Questions that were asked too long ago are not answered any more. */
  #giveUp(): void {
    const nowMs = performance.now();
    for (const [serial, { dueAtMs, settle }] of this.#questions) {
      if (dueAtMs > nowMs) break;
      this.#questions.delete(serial);
      settle();
    }
    const isDone = this.#questions.size === 0;
    this.#sweep = isDone ? undefined : setTimeout(() => this.#giveUp(), sweepMilliseconds);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#sweep);
    for (const { settle } of this.#questions.values()) settle();
    this.#questions.clear();
    for (const listener of this.#gone) listener();
  }
}

const emptyArguments = { signature: '', body: [] } as const;

function unavailable(cause?: unknown): HandrailError {
  const message = 'Start the desktop with an accessibility bus (at-spi2-core) first.';
  return new HandrailError('capture.unavailable', message, { cause });
}
