// Tells which application window is active and how its title and place change, as events of the X
// server say so; none while somebody else has grabbed the keyboard. Nothing is asked meanwhile.
import type { ActiveWindow, Clock } from '@handrail/core/observation';
import type { Emit, Source } from '../source.ts';
import type { XEvent } from './client.ts';
import { connectX, type XConnection } from './connection.ts';
import { KeyboardGrab } from './keyboard-grab.ts';
import { makeServerTimeProbe, readServerClock, type ServerClock } from './server-clock.ts';
import { type WindowLister, windowLister } from './windows.ts';

const propertyChangeMask = 0x400000;
const structureNotifyMask = 0x20000;
const focusChangeMask = 0x200000;

export function activeWindowSource(options: {
  readonly display: string;
  readonly clock: Clock;
  /** Windows above all others that say nothing about who has the keys: our own indicator. */
  readonly ignored?: readonly number[];
}): Source {
  const stack = new AsyncDisposableStack();
  return {
    start: async (emit) => {
      const { clock } = options;
      const connection = stack.use(await connectX(options.display));
      connection.onGone(() => emit({ kind: 'gone', reason: 'display', atMs: clock() }));
      const serverClock = await readServerClock(await makeServerTimeProbe(connection), clock);
      const parts = { connection, serverClock, clock, emit, ignored: options.ignored ?? [] };
      await new ActiveWindowWatch(parts).start();
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

interface WatchParts {
  readonly connection: XConnection;
  readonly serverClock: ServerClock;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly ignored: readonly number[];
}

class ActiveWindowWatch {
  readonly #parts: WatchParts;
  readonly #lister: WindowLister;
  readonly #grab: KeyboardGrab;
  #active: ActiveWindow | undefined;
  #told: { readonly window: ActiveWindow | undefined; readonly atMs: number } | undefined;
  #changedAtMs: number;
  #reading = false;
  #changed = false;

  constructor(parts: WatchParts) {
    const { connection, clock, ignored } = parts;
    const { client, root } = connection;
    this.#parts = parts;
    this.#lister = windowLister(connection);
    this.#changedAtMs = clock();
    this.#grab = new KeyboardGrab({
      client,
      root,
      rootMask: propertyChangeMask,
      lister: this.#lister,
      clock,
      ignored,
      active: () => this.#active,
      onChange: (atMs) => this.#tell(atMs),
    });
  }

  async start(): Promise<void> {
    const { connection } = this.#parts;
    const { client, root } = connection;
    const atoms = await Promise.all(
      ['_NET_ACTIVE_WINDOW', '_NET_WM_NAME', 'WM_NAME'].map((name) => connection.atom(name)),
    );
    client.on('event', (event) => {
      const named = event.name === 'PropertyNotify' && atoms.includes(event.atom ?? 0);
      if (named || event.name === 'ConfigureNotify') this.#changes(event);
    });
    client.ChangeWindowAttributes(root, { eventMask: propertyChangeMask });
    await this.#read();
  }

  /** Several events of one change are read once; a change during the reading is read after it. */
  async #changes(event: XEvent): Promise<void> {
    const { time } = event;
    const { clock, serverClock } = this.#parts;
    this.#changedAtMs = time === undefined ? clock() : serverClock.toMs(time);
    this.#changed = true;
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#changed) {
        this.#changed = false;
        await this.#read();
      }
    } catch {
      // The server went away, which is told by itself.
    } finally {
      this.#reading = false;
    }
  }

  async #read(): Promise<void> {
    const active = await this.#lister.activeNow();
    const isOther = active?.id !== this.#active?.id;
    this.#active = active;
    if (active && isOther) {
      const eventMask = propertyChangeMask | structureNotifyMask | focusChangeMask;
      this.#parts.connection.client.ChangeWindowAttributes(active.id, { eventMask });
      // What changed before the events were selected shows in one more reading.
      this.#changed = true;
    }
    if (isOther) await this.#grab.reconsider();
    this.#tell(this.#changedAtMs);
  }

  /** Tells what holds from `atMs` on; what was told of that very moment no longer counts. */
  #tell(fromMs: number): void {
    const window = this.#grab.isForeign ? undefined : this.#active;
    if (this.#told && sameWindow(window, this.#told.window)) return;
    const atMs = Math.max(fromMs, this.#told?.atMs ?? fromMs);
    this.#told = { window, atMs };
    this.#parts.emit({ kind: 'window', window, atMs });
  }
}

function sameWindow(a: ActiveWindow | undefined, b: ActiveWindow | undefined): boolean {
  if (!a || !b) return a === b;
  const sameBounds = (['x', 'y', 'width', 'height'] as const).every(
    (side) => a.bounds[side] === b.bounds[side],
  );
  return a.id === b.id && a.app === b.app && sameBounds && a.title.reveal() === b.title.reveal();
}
