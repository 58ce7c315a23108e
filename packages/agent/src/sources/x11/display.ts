// The layout of the screens, told at the start and at every change, each as a display epoch of its
// own: coordinates of two epochs are never mixed.
import type { Bounds, Clock } from '@handrail/core/observation';
import type { Emit, Source } from '../source.ts';
import type { Geometry, RandrExtension } from './client.ts';
import { connectX, type XConnection } from './connection.ts';

const structureNotifyMask = 0x20000;
const screensMax = 32;

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly screens: readonly Bounds[];
}

export function displaySource(options: {
  readonly display: string;
  readonly clock: Clock;
}): Source {
  const stack = new AsyncDisposableStack();
  return {
    start: async (emit) => {
      const connection = stack.use(await connectX(options.display));
      connection.onGone(() => emit({ kind: 'gone', reason: 'display', atMs: options.clock() }));
      await watch(connection, options.clock, emit);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function watch(connection: XConnection, clock: Clock, emit: Emit): Promise<void> {
  const randr = await connection.extension<RandrExtension>('randr').catch(() => undefined);
  let epoch = 0;
  let told = '';
  let reading = Promise.resolve();
  const tell = async () => {
    const layout = await readLayout(connection, randr);
    const text = JSON.stringify(layout);
    if (text === told) return;
    told = text;
    epoch += 1;
    emit({ kind: 'display', atMs: clock(), epoch, scale: 1, ...layout });
  };
  const { client, root } = connection;
  client.on('event', (event) => {
    const changed = event.name === 'RRScreenChangeNotify' || event.name === 'ConfigureNotify';
    if (changed) reading = reading.then(tell).catch(() => undefined);
  });
  client.ChangeWindowAttributes(root, { eventMask: structureNotifyMask });
  const { ScreenChange = 0, CrtcChange = 0 } = randr?.NotifyMask ?? {};
  randr?.SelectInput(root, ScreenChange | CrtcChange);
  await tell();
}

/** Sizes of the root and of each screen that shows a part of it. */
export async function readLayout(
  connection: XConnection,
  randr: RandrExtension | undefined,
): Promise<Layout> {
  const { root } = connection;
  const { width, height } = await connection.ask<Geometry>((client, done) =>
    client.GetGeometry(root, done),
  );
  const screens = randr ? await readScreens(connection, randr) : [];
  const whole = { x: 0, y: 0, width, height };
  return { width, height, screens: screens.length > 0 ? screens : [whole] };
}

async function readScreens(connection: XConnection, randr: RandrExtension) {
  const resources = await connection.tryAsk<{
    readonly crtcs: readonly number[];
    readonly config_timestamp: number;
  }>((_, done) => randr.GetScreenResources(connection.root, done));
  const { crtcs = [], config_timestamp: at = 0 } = resources ?? {};
  const found = await Promise.all(
    crtcs
      .slice(0, screensMax)
      .map((crtc) =>
        connection.tryAsk<Bounds & { mode: number }>((_, done) =>
          randr.GetCrtcInfo(crtc, at, done),
        ),
      ),
  );
  const shown = found.flatMap((screen) => (screen && screen.mode !== 0 ? [screen] : []));
  return shown.map(({ x, y, width, height }) => ({ x, y, width, height }));
}
