// The indicator's own process: a small window above all others that says whether the screen is
// being recorded. It ends with the agent, and says at every beat whether it can be seen.
import { flushCompileCache } from 'node:module';
import type { WindowAttributes } from '../sources/x11/client.ts';
import { connectX, type XConnection } from '../sources/x11/connection.ts';
import {
  beatMilliseconds,
  type IndicatorMessage,
  type IndicatorState,
  isShowMessage,
} from './messages.ts';

const looks = {
  recording: { label: 'REC', colour: 0xb71c1c },
  paused: { label: 'PAUSED', colour: 0x8d5200 },
  off: { label: 'OFF', colour: 0x424242 },
} as const satisfies Record<IndicatorState, { label: string; colour: number }>;

const width = 84;
const height = 22;
const margin = 8;
const white = 0xffffff;
const glyphWidth = 6;
const baseline = 15;
const viewable = 2;
const unobscured = 0;
const exposureMask = 0x8000;
const visibilityMask = 0x10000;

class IndicatorWindow {
  readonly #connection: XConnection;
  readonly windowId: number;
  readonly bounds: { x: number; y: number; width: number; height: number };
  readonly #gc: number;
  #state: IndicatorState = 'off';
  #visibility = unobscured;

  constructor(connection: XConnection) {
    this.#connection = connection;
    const { client, root, screen } = connection;
    this.windowId = client.AllocID();
    this.#gc = client.AllocID();
    const x = screen.pixel_width - width - margin;
    const y = screen.pixel_height - height - margin;
    this.bounds = { x, y, width, height };
    client.CreateWindow(this.windowId, root, x, y, width, height, 0, 0, 1, 0, {
      backgroundPixel: looks.off.colour,
      overrideRedirect: 1,
      eventMask: exposureMask | visibilityMask,
    });
    const font = client.AllocID();
    client.OpenFont(font, 'fixed');
    client.CreateGC(this.#gc, this.windowId, { foreground: white, font });
    this.#nameIt();
    client.on('event', (event) => {
      if (event.name === 'Expose') this.#draw();
      if (event.name === 'VisibilityNotify') this.#visibility = event.state ?? unobscured;
    });
    client.MapWindow(this.windowId);
    client.RaiseWindow(this.windowId);
  }

  show(state: IndicatorState): void {
    this.#state = state;
    this.#draw();
  }

  /** Asks the server whether the window is mapped; raises it when something lies above it. */
  async beat(): Promise<IndicatorMessage> {
    const { client } = this.#connection;
    const attributes = await this.#connection.tryAsk<WindowAttributes>((x, done) =>
      x.GetWindowAttributes(this.windowId, done),
    );
    const covered = this.#visibility !== unobscured;
    if (covered) client.RaiseWindow(this.windowId);
    const visible = attributes?.mapState === viewable && !covered;
    return { kind: 'beat', visible, state: this.#state };
  }

  #nameIt(): void {
    const { client } = this.#connection;
    const windowName = 39;
    const stringType = 31;
    client.ChangeProperty(0, this.windowId, windowName, stringType, 8, 'Handrail indicator');
  }

  #draw(): void {
    const { client } = this.#connection;
    const { label, colour } = looks[this.#state];
    client.ChangeGC(this.#gc, { foreground: colour });
    client.PolyFillRectangle(this.windowId, this.#gc, [0, 0, width, height]);
    client.ChangeGC(this.#gc, { foreground: white });
    const x = Math.floor((width - label.length * glyphWidth) / 2);
    client.PolyText8(this.windowId, this.#gc, x, baseline, [label]);
  }
}

function tell(message: IndicatorMessage): void {
  if (process.connected) process.send?.(message);
}

async function main(display: string): Promise<void> {
  const connection = await connectX(display);
  connection.onGone(() => process.exit(1));
  const indicator = new IndicatorWindow(connection);
  process.on('message', (message) => {
    if (!isShowMessage(message)) return;
    indicator.show(message.state);
    indicator.beat().then(tell);
  });
  process.on('disconnect', () => process.exit(0));
  await connection.ask((client, done) => client.sync(done));
  tell({ kind: 'ready', windowId: indicator.windowId, bounds: indicator.bounds });
  setInterval(() => indicator.beat().then(tell), beatMilliseconds);
  // It never ends by itself, which is when Node would keep what it compiled.
  flushCompileCache();
}

await main(process.argv[2] ?? '');
