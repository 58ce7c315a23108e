// What the desktop shows at this moment, as far as the manifest allows: a map of allowed areas, and
// the text in them with its places. A window whose structure cannot be read is not allowed.

import {
  type AllowedPart,
  contextOf,
  DesktopMap,
  intersection,
  type MappedWindow,
  needsOrigin,
} from '@handrail/core/gate';
import type { Bounds, StructureNode } from '@handrail/core/observation';
import type { DesktopView } from '@handrail/core/recorder';
import { textRule } from '@handrail/core/redact';
import type { ManifestFile } from '@handrail/core/statement';
import type {
  Structure,
  StructureDocument,
  StructureReader,
} from '../sources/accessibility/structure.ts';
import type { WindowInfo, WindowLister } from '../sources/x11/windows.ts';
import { layoutOf } from './layout.ts';

/** Most windows whose structure is read for one frame. */
const readWindowsMax = 6;

export interface DesktopReader {
  readonly windows: WindowLister;
  readonly structures: StructureReader;
  readonly manifest: ManifestFile;
}

interface Read {
  readonly window: MappedWindow;
  readonly nodes: readonly StructureNode[];
}

/** Reads the desktop now, top to bottom. */
export async function readDesktop(reader: DesktopReader): Promise<DesktopView> {
  const windows = await reader.windows.windowsNow();
  const owners = windows.filter((window) => !window.overrideRedirect);
  const structures = new Map<number, Structure | undefined>();
  const wanted = owners.filter((each) => isWanted(reader, each)).slice(0, readWindowsMax);
  for (const window of wanted) {
    structures.set(window.id, await reader.structures.structureOf(window));
  }
  const reads = windows.map((window) => readWindow(reader, window, windows, structures));
  return {
    map: new DesktopMap(reads.map((read) => read.window)),
    nodes: reads.flatMap((read) => read.nodes),
    drawnNodes: new Set(reads.filter(isSkeleton).flatMap((read) => read.nodes)),
    isPartial: wanted.some((window) => !isTold(reader, window, structures.get(window.id))),
  };
}

function isTold(reader: DesktopReader, window: WindowInfo, structure: Structure | undefined) {
  if (!needsOrigin(reader.manifest, window.app)) return structure !== undefined;
  return structure?.documents.some(({ origin }) => origin !== undefined) === true;
}

function isWanted(reader: DesktopReader, window: WindowInfo): boolean {
  return reader.manifest.contexts.some((context) => context.app === window.app);
}

function readWindow(
  reader: DesktopReader,
  window: WindowInfo,
  all: readonly WindowInfo[],
  structures: ReadonlyMap<number, Structure | undefined>,
): Read {
  const { id, bounds } = window;
  const structure = structures.get(id);
  const allowed = window.overrideRedirect
    ? popupPart(reader, window, all, structures)
    : structure && windowPart(reader, window, structure);
  return { window: { id, bounds, allowed }, nodes: allowed && structure ? structure.nodes : [] };
}

function isSkeleton({ window }: Read): boolean {
  return window.allowed?.drawn?.mode === 'skeleton';
}

/** A part of a context, drawn from what is known to be there where the context is not shown. */
function part(
  { manifest }: DesktopReader,
  allowed: AllowedPart,
  { nodes }: Structure,
): AllowedPart | undefined {
  const context = manifest.contexts[allowed.context];
  const drawn = context && layoutOf(nodes, allowed.area, textRule(context));
  return drawn ? { ...allowed, drawn } : context && allowed;
}

function windowPart(
  reader: DesktopReader,
  window: WindowInfo,
  structure: Structure,
): MappedWindow['allowed'] {
  const { manifest } = reader;
  if (!needsOrigin(manifest, window.app)) {
    const context = contextOf(manifest, { app: window.app, origin: undefined });
    if (context === undefined) return undefined;
    return part(reader, { context, area: window.clientBounds }, structure);
  }
  const [page, ...inner] = structure.documents;
  const context = page && contextIn(reader, window, page);
  if (page === undefined || context === undefined) return undefined;
  const isAlike = (other: number | undefined) =>
    other === context || (isShown(manifest, other) && isShown(manifest, context));
  const holes = inner.filter((each) => !isAlike(contextIn(reader, window, each))).map(boundsOf);
  const area = intersection(page.bounds, window.clientBounds);
  return part(reader, { context, area, holes }, structure);
}

/**
 * A menu or list belongs to the allowed window that it names as its owner, or to one of the same
 * process where it names none. Where only the page is allowed it must hang on the page's open list:
 * tab previews and address suggestions do not.
 */
function popupPart(
  reader: DesktopReader,
  popup: WindowInfo,
  all: readonly WindowInfo[],
  structures: ReadonlyMap<number, Structure | undefined>,
): MappedWindow['allowed'] {
  const named = all.find((window) => window.id === popup.transientFor);
  const owners = named ? [named] : all.filter((window) => !window.overrideRedirect);
  const siblings = owners.filter((window) => window.pid === popup.pid);
  if (popup.pid === undefined) return undefined;
  for (const owner of siblings) {
    const structure = structures.get(owner.id);
    const owned = structure && windowPart(reader, owner, structure);
    const belongs = needsOrigin(reader.manifest, owner.app)
      ? owned && hangsOnList(popup, structure, owned.area)
      : owned && siblings.every((each) => isWanted(reader, each));
    if (owned && belongs) {
      return part(reader, { context: owned.context, area: popup.bounds }, structure);
    }
  }
  return undefined;
}

const listRoles: ReadonlySet<string> = new Set(['combo box', 'list box', 'menu', 'pop up button']);
const hangPixelsMax = 24;

function hangsOnList(popup: WindowInfo, structure: Structure, page: Bounds): boolean {
  if (popup.bounds.y < page.y) return false;
  return structure.nodes.some((node) => {
    if (!listRoles.has(node.role)) return false;
    const below = Math.abs(popup.bounds.y - (node.bounds.y + node.bounds.height));
    const above = Math.abs(popup.bounds.y + popup.bounds.height - node.bounds.y);
    const sideways = Math.abs(popup.bounds.x - node.bounds.x);
    return sideways <= hangPixelsMax && Math.min(below, above) <= hangPixelsMax;
  });
}

function contextIn(reader: DesktopReader, { app }: WindowInfo, { origin }: StructureDocument) {
  return contextOf(reader.manifest, { app, origin });
}

function isShown({ contexts }: ManifestFile, context: number | undefined): boolean {
  return context !== undefined && contexts[context]?.mode === 'full';
}

function boundsOf({ bounds }: { readonly bounds: Bounds }): Bounds {
  return bounds;
}
