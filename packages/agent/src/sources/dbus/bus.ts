// Asks objects of other programs over one D-Bus connection. Calls are pipelined, each with a limit;
// an object that has gone answers with undefined.
import { HandrailError } from '@handrail/core/errors';
import { connectDbus, type DbusConnection } from './connection.ts';
import type { Incoming, Signal } from './message.ts';

const callMillisecondsMax = 1_000;
const pendingCallsMax = 16_384;
const sweepMilliseconds = 250;

/** One object of another program: the program's bus name and the object's path. */
export interface ObjectRef {
  readonly name: string;
  readonly path: string;
}

export interface Bus extends AsyncDisposable {
  /** Calls a method; undefined when the object has gone, refuses or is too slow. */
  call(
    object: ObjectRef,
    iface: string,
    member: string,
    args?: { readonly signature: string; readonly body: readonly unknown[] },
  ): Promise<readonly unknown[] | undefined>;
  /** Reads a property, without its variant. */
  property(object: ObjectRef, iface: string, name: string): Promise<unknown>;
  onSignal(listener: (signal: Signal) => void): void;
  /** Throws `capture.unavailable` where the daemon does not take it. */
  match(rule: string): Promise<void>;
  onGone(listener: () => void): void;
}

/** Connects to the daemon of `address`. Throws `capture.unavailable`. */
export async function connectBus(address: string): Promise<Bus> {
  return new CallingBus(await connectDbus(address));
}

interface Question {
  readonly dueAtMs: number;
  readonly settle: (answer?: readonly unknown[]) => void;
}

class CallingBus implements Bus {
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
    object: ObjectRef,
    iface: string,
    member: string,
    args: { readonly signature: string; readonly body: readonly unknown[] } = emptyArguments,
  ): Promise<readonly unknown[] | undefined> {
    if (this.#ended || this.#questions.size >= pendingCallsMax) return Promise.resolve(undefined);
    return new Promise((settle) => {
      const { signature, body } = args;
      const call = { destination: object.name, path: object.path, iface, member, signature, body };
      const serial = this.#connection.send(call);
      this.#questions.set(serial, { dueAtMs: performance.now() + callMillisecondsMax, settle });
      this.#sweep ??= setTimeout(() => this.#giveUp(), sweepMilliseconds);
    });
  }

  async property(object: ObjectRef, iface: string, name: string): Promise<unknown> {
    const answer = await this.call(object, 'org.freedesktop.DBus.Properties', 'Get', {
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
    if (!answer) {
      throw new HandrailError('capture.unavailable', 'The message bus does not tell of changes.');
    }
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
