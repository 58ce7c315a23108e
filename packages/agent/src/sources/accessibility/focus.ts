// Tells which field has the keyboard focus. While a change of focus is being read the focus is
// unknown, and it stays unknown when it cannot be read.

import type { Clock, FocusedField } from '@handrail/core/observation';
import type { Signal } from '../dbus/message.ts';
import type { Emit, Source } from '../source.ts';
import { type Applications, applications } from './applications.ts';
import { type AccessibilityBus, connectAccessibility, type NodeRef } from './bus.ts';
import {
  boundsOf,
  documentAbove,
  documentOf,
  matches,
  nameOf,
  roleNameOf,
  statesOf,
} from './nodes.ts';
import { hasState, roleClassOf, state } from './roles.ts';
import { idOf } from './structure.ts';

const registry: NodeRef = {
  name: 'org.a11y.atspi.Registry',
  path: '/org/a11y/atspi/registry',
};
const events = ['object:state-changed:focused', 'window:activate', 'window:deactivate'];
const rules = [
  "type='signal',interface='org.a11y.atspi.Event.Object',member='StateChanged',arg0='focused'",
  "type='signal',interface='org.a11y.atspi.Event.Window'",
];

/** `busAddress` is the session bus's. */
export function focusSource(options: {
  readonly busAddress: string;
  readonly clock: Clock;
}): Source {
  const stack = new AsyncDisposableStack();
  return {
    start: async (emit) => {
      const bus = stack.use(await connectAccessibility(options.busAddress));
      bus.onGone(() => emit({ kind: 'gone', reason: 'accessibility', atMs: options.clock() }));
      await new FocusWatch(bus, options.clock, emit).start();
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

class FocusWatch {
  readonly #bus: AccessibilityBus;
  readonly #applications: Applications;
  readonly #clock: Clock;
  readonly #emit: Emit;
  /** Changes of focus seen so far: an answer to an older question is dropped. */
  #changes = 0;
  #current: NodeRef | undefined;
  #told: FocusedField | undefined;

  constructor(bus: AccessibilityBus, clock: Clock, emit: Emit) {
    this.#bus = bus;
    this.#applications = applications(bus);
    this.#clock = clock;
    this.#emit = emit;
  }

  async start(): Promise<void> {
    this.#bus.onSignal((signal) => this.#signal(signal));
    for (const rule of rules) await this.#bus.match(rule);
    for (const event of events) await register(this.#bus, event);
    this.#emit({ kind: 'focus', focus: undefined, atMs: this.#clock() });
    const before = this.#changes;
    for (const frame of await this.#applications.frames()) {
      if (hasState(await statesOf(this.#bus, frame), state.active)) {
        if (before === this.#changes) await this.#lookInto(frame);
      }
    }
  }

  #signal(signal: Signal): void {
    const { sender: name, path, member, iface, body } = signal;
    const node = { name, path };
    if (iface === 'org.a11y.atspi.Event.Window') {
      if (member === 'Deactivate' && this.#current?.name === name) this.#unknown();
      if (member === 'Activate' && this.#current?.name !== name) this.#lookInto(node);
      return;
    }
    if (member !== 'StateChanged' || body[0] !== 'focused') return;
    if (body[1] === 1) this.#focused(node);
    else if (this.#current && idOf(this.#current) === idOf(node)) this.#unknown();
  }

  #unknown(atMs = this.#clock()): void {
    this.#changes += 1;
    this.#current = undefined;
    if (this.#told) this.#emit({ kind: 'focus', focus: undefined, atMs });
    this.#told = undefined;
  }

  async #focused(node: NodeRef): Promise<void> {
    const atMs = this.#clock();
    this.#unknown(atMs);
    this.#current = node;
    const question = this.#changes;
    const field = await readField(this.#bus, this.#applications, node);
    if (question !== this.#changes || !field) return;
    this.#told = field;
    this.#emit({ kind: 'focus', focus: field, atMs });
  }

  /** A window became active without saying what in it has the focus: it is asked. */
  async #lookInto(frame: NodeRef): Promise<void> {
    const question = this.#changes;
    const found = await matches(this.#bus, frame, { states: [state.focused], countMax: 2 });
    const last = found?.at(-1);
    if (last && question === this.#changes) await this.#focused(last);
  }
}

async function register(bus: AccessibilityBus, event: string): Promise<void> {
  const iface = 'org.a11y.atspi.Registry';
  const newer = { signature: 'sass', body: [event, [], ''] };
  const answer = await bus.call(registry, iface, 'RegisterEvent', newer);
  if (!answer) await bus.call(registry, iface, 'RegisterEvent', { signature: 's', body: [event] });
}

async function readField(
  bus: AccessibilityBus,
  known: Applications,
  node: NodeRef,
): Promise<FocusedField | undefined> {
  const root = { name: node.name, path: '/org/a11y/atspi/accessible/root' };
  const [roleName, states, bounds, pid, app, document] = await Promise.all([
    roleNameOf(bus, node),
    statesOf(bus, node),
    boundsOf(bus, node),
    known.processOf(node.name),
    nameOf(bus, root),
    documentAbove(bus, node),
  ]);
  if (roleName === undefined || states === undefined) return undefined;
  const place = document && (await documentOf(bus, document));
  const editable = hasState(states, state.editable);
  return {
    role: roleName,
    roleClass: roleClassOf(roleName, editable),
    editable,
    bounds,
    fieldId: idOf(node),
    pid,
    app: (app ?? '').toLowerCase(),
    ...(place && { documentOrigin: place.origin, documentUri: place.uri }),
  };
}
