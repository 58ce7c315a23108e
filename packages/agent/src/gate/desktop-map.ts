// Where on the screen the manifest's contexts lie right now: windows from top to bottom, each with
// the part of it that is allowed, if any. What no window is known for is not allowed.
import type { Box } from '@handrail/core/events';

export interface MappedWindow {
  readonly id: number;
  /** All of the window, with its decorations. */
  readonly bounds: Box;
  /** The part that belongs to a context (a page without the browser around it), or undefined. */
  readonly allowed: { readonly context: number; readonly area: Box } | undefined;
}

export class DesktopMap {
  /** From top to bottom. */
  readonly windows: readonly MappedWindow[];

  constructor(windows: readonly MappedWindow[]) {
    this.windows = windows;
  }

  /** The context under a point, or undefined. */
  contextAt(x: number, y: number): number | undefined {
    const top = this.windows.find((window) => holds(window.bounds, x, y));
    return top?.allowed && holds(top.allowed.area, x, y) ? top.allowed.context : undefined;
  }

  /** All that may be seen, from top to bottom; parts of it may be covered by other windows. */
  allowedAreas(): readonly { readonly context: number; readonly box: Box }[] {
    return this.windows.flatMap(({ allowed }) => {
      return allowed ? [{ context: allowed.context, box: allowed.area }] : [];
    });
  }
}

export function holds(box: Box, x: number, y: number): boolean {
  return x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height;
}
