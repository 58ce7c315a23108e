// Where on the screen the manifest's contexts lie right now: windows from top to bottom, each with
// the part of it that is allowed, if any. What no window is known for is not allowed.
import type { Box } from '../events/index.ts';
import type { Mode } from '../statement/index.ts';

/** A part of what is drawn instead of shown: a grey level, or undefined: the pixels themselves. */
export interface DrawnBox {
  readonly box: Box;
  readonly shade: number | undefined;
}

/** Stands for an area of which not all may be seen: boxes within it, from back to front. */
export interface Drawing {
  readonly mode: Exclude<Mode, 'full'>;
  readonly boxes: readonly DrawnBox[];
}

export interface AllowedPart {
  readonly context: number;
  readonly area: Box;
  /** Parts of the area that belong elsewhere, such as frames of other sites in a page. */
  readonly holes?: readonly Box[];
  /** Left out: the pixels are shown as they are. */
  readonly drawn?: Drawing;
}

export interface MappedWindow {
  readonly id: number;
  /** All of the window, with its decorations. */
  readonly bounds: Box;
  /** The part that belongs to a context (a page without the browser around it), or undefined. */
  readonly allowed: AllowedPart | undefined;
}

type Raised = Pick<MappedWindow, 'id' | 'bounds'>;

export class DesktopMap {
  /** From top to bottom. */
  readonly windows: readonly MappedWindow[];

  constructor(windows: readonly MappedWindow[]) {
    this.windows = windows;
  }

  /** The context under a point, or undefined. */
  contextAt(x: number, y: number): number | undefined {
    const allowed = this.windows.find((window) => holds(window.bounds, x, y))?.allowed;
    if (!allowed || !holds(allowed.area, x, y)) return undefined;
    return allowed.holes?.some((hole) => holds(hole, x, y)) ? undefined : allowed.context;
  }

  /** True when at a point something that is not allowed lies on top of the window `id`. */
  isCovered(id: number, x: number, y: number): boolean {
    const top = this.windows.find((window) => holds(window.bounds, x, y));
    return top !== undefined && top.id !== id && this.contextAt(x, y) === undefined;
  }

  /** All that may be seen, from top to bottom; parts of it may be covered by other windows. */
  allowedAreas(): readonly { readonly context: number; readonly box: Box }[] {
    return this.windows.flatMap(({ allowed }) => {
      return allowed ? [{ context: allowed.context, box: allowed.area }] : [];
    });
  }

  /** The same desktop once `window` came to the top; `context` is what all of it belongs to. */
  raised(window: Raised, context: number | undefined): DesktopMap {
    const { id, bounds } = window;
    const known = this.windows.find((each) => each.id === id);
    const allowed = context === undefined ? undefined : { context, area: bounds };
    const rest = this.windows.filter((each) => each !== known);
    return new DesktopMap([known ?? { id, bounds, allowed }, ...rest]);
  }
}

export function holds(box: Box, x: number, y: number): boolean {
  return x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height;
}

export function intersection(a: Box, b: Box): Box {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const width = Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x);
  const height = Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y);
  return { x, y, width, height };
}
