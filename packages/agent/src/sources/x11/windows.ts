// Every window that covers pixels of the screen, top to bottom, with who it belongs to, so that
// masking can fill whatever is not allowed. A window it cannot read is listed without a name.
import { HandrailError } from '@handrail/core/errors';
import type { ActiveWindow, Bounds } from '@handrail/core/observation';
import { Sensitive } from '@handrail/core/sensitive';
import type { Geometry, Tree, WindowAttributes } from './client.ts';
import type { XConnection } from './connection.ts';
import { type PropertyReader, propertyReader } from './properties.ts';

const windowsMax = 512;
const clientDepthMax = 3;
const viewable = 2;
const inputOnly = 2;

export interface WindowInfo extends ActiveWindow {
  /** The child of the root that covers the pixels: the frame, or the window itself. */
  readonly topLevel: number;
  /** Without decorations, where the application draws. */
  readonly clientBounds: Bounds;
  /** Menus, tooltips and lists: no window manager stands behind them. */
  readonly overrideRedirect: boolean;
  /** The window this one says it belongs to (WM_TRANSIENT_FOR); undefined for ownerless ones. */
  readonly transientFor: number | undefined;
}

export interface WindowLister {
  /** Top to bottom. Throws `capture.unavailable` when the server is gone or there are too many. */
  windowsNow(): Promise<readonly WindowInfo[]>;
  /** The window that the window manager calls active, fresh from the server. */
  activeNow(): Promise<ActiveWindow | undefined>;
}

export function windowLister(connection: XConnection): WindowLister {
  const properties = propertyReader(connection);
  return {
    windowsNow: async () => {
      const tops = await childrenOf(connection, connection.root);
      const visible = await Promise.all(
        tops.map((top) => describeTop(connection, properties, top)),
      );
      return visible.filter((info) => info !== undefined).reverse();
    },
    activeNow: () => activeWindow(connection, properties),
  };
}

async function activeWindow(
  connection: XConnection,
  properties: PropertyReader,
): Promise<ActiveWindow | undefined> {
  const [id] = await properties.numbers(connection.root, '_NET_ACTIVE_WINDOW');
  if (!id) return undefined;
  const [names, top] = await Promise.all([namesOf(properties, id), topLevelOf(connection, id)]);
  const bounds = top === undefined ? undefined : await boundsOf(connection, top);
  return bounds && { id, ...names, bounds };
}

async function describeTop(
  connection: XConnection,
  properties: PropertyReader,
  topLevel: number,
): Promise<WindowInfo | undefined> {
  const [attributes, bounds] = await Promise.all([
    connection.tryAsk<WindowAttributes>((client, done) =>
      client.GetWindowAttributes(topLevel, done),
    ),
    boundsOf(connection, topLevel),
  ]);
  if (!attributes || !bounds) return undefined;
  if (attributes.mapState !== viewable || attributes.klass === inputOnly) return undefined;
  const overrideRedirect = attributes.overrideRedirect !== 0;
  const found = await clientOf(connection, properties, topLevel, clientDepthMax);
  const id = found ?? topLevel;
  const [names, [owner], inner] = await Promise.all([
    namesOf(properties, id),
    properties.numbers(id, 'WM_TRANSIENT_FOR'),
    id === topLevel ? bounds : boundsOf(connection, id),
  ]);
  return {
    id,
    topLevel,
    ...names,
    bounds,
    clientBounds: inner ?? bounds,
    // A frame is override-redirect too; what counts is whether a manager stands behind it.
    overrideRedirect: overrideRedirect && found === undefined,
    transientFor: owner || undefined,
  };
}

async function namesOf(properties: PropertyReader, id: number) {
  const [classes, name, oldName, [pid]] = await Promise.all([
    properties.text(id, 'WM_CLASS'),
    properties.text(id, '_NET_WM_NAME'),
    properties.text(id, 'WM_NAME'),
    properties.numbers(id, '_NET_WM_PID'),
  ]);
  const app = (classes?.split('\0')[1] ?? '').toLowerCase();
  return { app, title: new Sensitive(name ?? oldName ?? ''), pid };
}

/** The managed window (ICCCM: it has WM_STATE) in a frame; undefined when there is none. */
async function clientOf(
  connection: XConnection,
  properties: PropertyReader,
  wid: number,
  depth: number,
): Promise<number | undefined> {
  if ((await properties.numbers(wid, 'WM_STATE')).length > 0) return wid;
  if (depth === 0) return undefined;
  const children = await childrenOf(connection, wid);
  const found = await Promise.all(
    children.map((child) => clientOf(connection, properties, child, depth - 1)),
  );
  return found.find((id) => id !== undefined);
}

async function topLevelOf(connection: XConnection, id: number): Promise<number | undefined> {
  let at = id;
  for (let depth = 0; depth <= clientDepthMax; depth += 1) {
    const from = at;
    const tree = await connection.tryAsk<Tree>((client, done) => client.QueryTree(from, done));
    if (!tree) return undefined;
    if (tree.parent === connection.root) return at;
    at = tree.parent;
  }
  return undefined;
}

async function childrenOf(connection: XConnection, wid: number): Promise<readonly number[]> {
  const tree = await connection.tryAsk<Tree>((client, done) => client.QueryTree(wid, done));
  const children = tree?.children ?? [];
  if (children.length > windowsMax) {
    throw new HandrailError('capture.unavailable', 'Close some windows: there are too many.');
  }
  return children;
}

/** Root-relative, with the border; undefined for a window that has gone. */
async function boundsOf(connection: XConnection, wid: number): Promise<Bounds | undefined> {
  const [geometry, origin] = await Promise.all([
    connection.tryAsk<Geometry>((client, done) => client.GetGeometry(wid, done)),
    connection.tryAsk<{ readonly destX: number; readonly destY: number }>((client, done) =>
      client.TranslateCoordinates(wid, connection.root, 0, 0, done),
    ),
  ]);
  if (!geometry || !origin) return undefined;
  const { width, height, borderWidth: border } = geometry;
  return {
    x: origin.destX - border,
    y: origin.destY - border,
    width: width + 2 * border,
    height: height + 2 * border,
  };
}
