// A frame of which only what may be kept is left, with the desktop as it was read for it.
import type { Picture } from '../frame-image/index.ts';
import type { DesktopMap } from '../gate/index.ts';
import type { StructureNode } from '../observation/index.ts';
import type { FilledBox, ShownField } from './kept-frame.ts';

export interface DesktopView {
  readonly map: DesktopMap;
  readonly nodes: readonly StructureNode[];
  /** Those of them that are drawn in any case: what is found in them is to be seen nowhere. */
  readonly drawnNodes: ReadonlySet<StructureNode>;
  /** A window of the manifest's applications could not be read, or its page could not be told. */
  readonly isPartial: boolean;
}

export interface MaskedFrame {
  readonly atMs: number;
  readonly displayEpoch: number;
  readonly picture: Picture;
  readonly filled: readonly FilledBox[];
  readonly fields: readonly ShownField[];
  readonly view: DesktopView;
}
