// The part of the `x11` package that the sources use, typed by hand from its documentation.
// Requests take a callback last; `ask` in connection.ts turns them into promises.

export type Done<T> = (error: unknown, value: T) => boolean | undefined;

export interface XEvent {
  readonly name?: string;
  readonly type: number;
  readonly wid?: number;
  readonly atom?: number;
  readonly time?: number;
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
  readonly state?: number;
  readonly damage?: number;
  readonly event?: number;
  /** Of a change of focus: why, and how it concerns the window. */
  readonly mode?: number;
  readonly detail?: number;
}

export interface Property {
  readonly type: number;
  readonly format: number;
  readonly data: Buffer;
}

export interface Geometry {
  readonly depth: number;
  readonly xPos: number;
  readonly yPos: number;
  readonly width: number;
  readonly height: number;
  readonly borderWidth: number;
}

export interface Tree {
  readonly parent: number;
  /** Bottom to top. */
  readonly children: readonly number[];
}

export interface WindowAttributes {
  readonly klass: number;
  readonly mapState: number;
  readonly overrideRedirect: number;
  readonly allEventMasks: number;
}

type Values = Readonly<Record<string, number>>;

export interface XClient {
  /** Callbacks by request number: [unpack, callback, many replies, the replies kept so far]. */
  readonly replies: Record<number, [unknown, unknown, unknown?, unknown[]?]>;
  readonly seq_num: number;
  atoms: Readonly<Record<string, number>>;
  readonly stream: { destroy(): void; once(event: 'close', listener: () => void): void };
  on(event: 'event', listener: (event: XEvent) => void): void;
  on(event: 'error', listener: (error: unknown) => void): void;
  on(event: 'end', listener: () => void): void;
  removeListener(event: string, listener: (event: XEvent) => void): void;
  terminate(): void;
  AllocID(): number;
  ReleaseID(id: number): void;
  require(extension: string, done: Done<unknown>): void;
  sync(done: Done<unknown>): void;
  InternAtom(onlyIfExists: boolean, name: string, done: Done<number>): void;
  ChangeWindowAttributes(wid: number, values: Values, done?: Done<unknown>): void;
  GetWindowAttributes(wid: number, done: Done<WindowAttributes>): void;
  GetGeometry(drawable: number, done: Done<Geometry>): void;
  QueryTree(wid: number, done: Done<Tree>): void;
  GetProperty(
    remove: number,
    wid: number,
    name: number,
    type: number,
    offset: number,
    length: number,
    done: Done<Property>,
  ): void;
  ChangeProperty(
    mode: number,
    wid: number,
    name: number,
    type: number,
    format: number,
    data: Buffer | string | readonly number[],
  ): void;
  TranslateCoordinates(
    from: number,
    to: number,
    x: number,
    y: number,
    done: Done<{ readonly destX: number; readonly destY: number }>,
  ): void;
  GetKeyboardMapping(first: number, count: number, done: Done<readonly number[][]>): void;
  GetModifierMapping(done: Done<readonly number[][]>): void;
  QueryPointer(
    wid: number,
    done: Done<{ readonly rootX: number; readonly rootY: number; readonly keyMask: number }>,
  ): void;
  GetImage(
    format: number,
    drawable: number,
    x: number,
    y: number,
    width: number,
    height: number,
    planes: number,
    done: Done<{ readonly data: Buffer }>,
  ): void;
  CreateWindow(
    wid: number,
    parent: number,
    x: number,
    y: number,
    width: number,
    height: number,
    border: number,
    depth: number,
    klass: number,
    visual: number,
    values: Values,
  ): void;
  DestroyWindow(wid: number): void;
  MapWindow(wid: number): void;
  RaiseWindow(wid: number): void;
  ClearArea(wid: number, x: number, y: number, w: number, h: number, exposures: number): void;
  CreateGC(id: number, drawable: number, values: Values): void;
  ChangeGC(id: number, values: Values): void;
  OpenFont(id: number, name: string, done?: Done<unknown>): void;
  PolyFillRectangle(drawable: number, gc: number, rectangles: readonly number[]): void;
  PolyText8(drawable: number, gc: number, x: number, y: number, items: readonly string[]): void;
}

export interface XScreen {
  readonly root: number;
  readonly pixel_width: number;
  readonly pixel_height: number;
  readonly root_depth: number;
}

export interface XDisplay {
  readonly client: XClient;
  readonly screen: readonly XScreen[];
  readonly min_keycode: number;
  readonly max_keycode: number;
}

export interface RecordReply {
  /** 0 for events of the server, 4 for the start of data. */
  readonly category: number;
  readonly data: Buffer;
}

interface Range8 {
  readonly first: number;
  readonly last: number;
}

export interface RecordExtension {
  CreateContext(
    context: number,
    header: number,
    clients: readonly number[],
    ranges: readonly { readonly deviceEvents?: Range8; readonly coreRequests?: Range8 }[],
  ): void;
  EnableContext(context: number, onData: (reply: RecordReply) => void, done: Done<unknown>): void;
  DisableContext(context: number): void;
  FreeContext(context: number): void;
}

export interface InputExtension {
  readonly firstEvent: number;
  readonly AllDevices: number;
  XIQueryDevice(
    device: number,
    done: Done<
      readonly { readonly deviceId: number; readonly use: number; readonly name: string }[]
    >,
  ): void;
}

export interface DamageExtension {
  Create(damage: number, drawable: number, level: number): void;
  Subtract(damage: number, repair: number, parts: number): void;
  Destroy(damage: number): void;
}

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface FixesExtension {
  CreateRegion(region: number, rectangles: readonly Rectangle[]): void;
  FetchRegion(region: number, done: Done<{ readonly extents: Rectangle }>): void;
}

export interface ShmExtension {
  AttachFd(segment: number, file: number, readOnly: boolean, done: Done<unknown>): void;
  Detach(segment: number): void;
  GetImage(
    drawable: number,
    x: number,
    y: number,
    width: number,
    height: number,
    planes: number,
    format: number,
    segment: number,
    offset: number,
    done: Done<unknown>,
  ): void;
}

export interface RandrExtension {
  readonly NotifyMask: { readonly ScreenChange: number; readonly CrtcChange: number };
  SelectInput(window: number, mask: number): void;
  GetScreenResources(
    window: number,
    done: Done<{ readonly crtcs: readonly number[]; readonly config_timestamp: number }>,
  ): void;
  GetCrtcInfo(
    crtc: number,
    timestamp: number,
    done: Done<{ x: number; y: number; width: number; height: number; mode: number }>,
  ): void;
}
