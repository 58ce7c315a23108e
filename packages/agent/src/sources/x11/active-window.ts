// Tells which application window is active and how its title and place change, as events of the X
// server say so. Nothing is asked while nothing changes.
import type { ActiveWindow, Clock, Emit, Source } from '../source.ts';
import type { XEvent } from './client.ts';
import { connectX, type XConnection } from './connection.ts';
import { makeServerTimeProbe, readServerClock, type ServerClock } from './server-clock.ts';
import { type WindowLister, windowLister } from './windows.ts';

const propertyChangeMask = 0x400000;
const structureNotifyMask = 0x20000;

export function activeWindowSource(options: {
  readonly display: string;
  readonly clock: Clock;
}): Source {
  const stack = new AsyncDisposableStack();
  return {
    start: async (emit) => {
      const { clock } = options;
      const connection = stack.use(await connectX(options.display));
      connection.onGone(() => emit({ kind: 'gone', reason: 'display', atMs: clock() }));
      const serverClock = await readServerClock(await makeServerTimeProbe(connection), clock);
      const watch = new ActiveWindowWatch(connection, serverClock, clock, emit);
      await watch.start();
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

class ActiveWindowWatch {
  readonly #connection: XConnection;
  readonly #lister: WindowLister;
  readonly #serverClock: ServerClock;
  readonly #clock: Clock;
  readonly #emit: Emit;
  #active: ActiveWindow | undefined;
  #changedAtMs: number;
  #reading = false;
  #changed = false;

  constructor(connection: XConnection, serverClock: ServerClock, clock: Clock, emit: Emit) {
    this.#connection = connection;
    this.#lister = windowLister(connection);
    this.#serverClock = serverClock;
    this.#clock = clock;
    this.#emit = emit;
    this.#changedAtMs = clock();
  }

  async start(): Promise<void> {
    const { client, root } = this.#connection;
    const atoms = await Promise.all(
      ['_NET_ACTIVE_WINDOW', '_NET_WM_NAME', 'WM_NAME'].map((name) => this.#connection.atom(name)),
    );
    client.on('event', (event) => {
      const named = event.name === 'PropertyNotify' && atoms.includes(event.atom ?? 0);
      if (named || event.name === 'ConfigureNotify') this.#changes(event);
    });
    client.ChangeWindowAttributes(root, { eventMask: propertyChangeMask });
    const active = await this.#lister.activeNow();
    this.#tell(active);
  }

  /** Several events of one change are read once; a change during the reading is read after it. */
  async #changes(event: XEvent): Promise<void> {
    const { time } = event;
    this.#changedAtMs = time === undefined ? this.#clock() : this.#serverClock.toMs(time);
    this.#changed = true;
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#changed) {
        this.#changed = false;
        this.#tell(await this.#lister.activeNow());
      }
    } catch {
      // The server went away, which is told by itself.
    } finally {
      this.#reading = false;
    }
  }

  #tell(active: ActiveWindow | undefined): void {
    if (active && active.id !== this.#active?.id) {
      const eventMask = propertyChangeMask | structureNotifyMask;
      this.#connection.client.ChangeWindowAttributes(active.id, { eventMask });
      // What changed before the events were selected shows in one more reading.
      this.#changed = true;
    }
    if (sameWindow(active, this.#active)) return;
    this.#active = active;
    this.#emit({ kind: 'window', window: active, atMs: this.#changedAtMs });
  }
}

function sameWindow(a: ActiveWindow | undefined, b: ActiveWindow | undefined): boolean {
  if (!a || !b) return a === b;
  const sameBounds = (['x', 'y', 'width', 'height'] as const).every(
    (side) => a.bounds[side] === b.bounds[side],
  );
  return a.id === b.id && a.app === b.app && sameBounds && a.title.reveal() === b.title.reveal();
}
