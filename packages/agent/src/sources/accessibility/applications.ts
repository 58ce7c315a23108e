// Finds the accessible frame of an X window: by process, then by place and title. Without a clear
// answer there is none.
import type { Bounds } from '@handrail/core/observation';
import type { WindowInfo } from '../x11/windows.ts';
import type { AccessibilityBus, NodeRef } from './bus.ts';
import { boundsOf, childrenOf, nameOf, processOf, registryRoot } from './nodes.ts';

const applicationsMax = 256;

export interface Applications {
  processOf(busName: string): Promise<number | undefined>;
  frames(): Promise<readonly NodeRef[]>;
  frameOf(window: WindowInfo): Promise<NodeRef | undefined>;
}

/** Bus names are never used twice, so a process id that was learnt once stays true. */
export function applications(bus: AccessibilityBus): Applications {
  const pids = new Map<string, number>();
  const pidOf = async (name: string) => {
    const known = pids.get(name) ?? (await processOf(bus, name));
    if (pids.size > applicationsMax) pids.clear();
    if (known !== undefined) pids.set(name, known);
    return known;
  };
  const framesOf = async (pid?: number) => {
    const roots = (await childrenOf(bus, registryRoot)).slice(0, applicationsMax);
    const frames = await Promise.all(
      roots.map(async (root) => {
        const wanted = pid === undefined || (await pidOf(root.name)) === pid;
        return wanted ? childrenOf(bus, root) : [];
      }),
    );
    return frames.flat();
  };
  return {
    processOf: pidOf,
    frames: () => framesOf(),
    frameOf: async (window) => {
      if (window.pid === undefined) return undefined;
      return bestFrame(bus, window, await framesOf(window.pid));
    },
  };
}

async function bestFrame(
  bus: AccessibilityBus,
  window: WindowInfo,
  frames: readonly NodeRef[],
): Promise<NodeRef | undefined> {
  const known = await Promise.all(
    frames.map(async (frame) => {
      const [bounds, name] = await Promise.all([boundsOf(bus, frame), nameOf(bus, frame)]);
      return { frame, bounds, name };
    }),
  );
  const inPlace = known.filter(
    ({ bounds }) => same(bounds, window.bounds) || same(bounds, window.clientBounds),
  );
  if (inPlace.length === 1) return inPlace[0]?.frame;
  const title = window.title.reveal();
  const named = inPlace.filter(({ name }) => name === title);
  return named.length === 1 ? named[0]?.frame : undefined;
}

function same(a: Bounds | undefined, b: Bounds): boolean {
  return a?.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}
