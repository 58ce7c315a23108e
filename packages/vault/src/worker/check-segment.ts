// Says why the content of a segment may not be used, if so: it captured what its manifest does not
// name, its parts point outside of it, or its coordinates lie outside every display.
import type { CapturedEvent } from '@handrail/core/events';
import { outsideFrame } from '@handrail/core/pixels';
import type { SegmentContent } from '@handrail/core/segment';
import { capturesMore, type ManifestFile, type Signal } from '@handrail/core/statement';

/** The layouts of a session so far; goes on from one segment to the next. */
export interface Layouts {
  readonly byEpoch: Map<number, { readonly width: number; readonly height: number }>;
  current: { readonly width: number; readonly height: number } | undefined;
}

export type ContentRefusal =
  | 'context.not-allowed'
  | 'content.inconsistent'
  | 'coordinate.out-of-range';

/** undefined: nothing is wrong. `edge` is 1 where a source rounds up to the display's far edge. */
export function whyNotContent(
  content: SegmentContent,
  manifest: ManifestFile,
  layouts: Layouts,
  edge: 0 | 1,
): ContentRefusal | undefined {
  const { contexts, events, frames } = content;
  const used: ManifestFile = {
    version: 1,
    signals: usedSignals(content),
    contexts: [...contexts],
  };
  if (capturesMore(manifest, used)) return 'context.not-allowed';
  const points = (context: number | null) => context === null || context < contexts.length;
  const sound =
    frames.every((frame) => frame.areas.every(({ context }) => points(context))) &&
    frames.every((frame) => frame.filled.every(({ box }) => !outsideFrame(box, frame))) &&
    events.every((event) => event.kind !== 'window' || points(event.context));
  if (!sound) return 'content.inconsistent';
  for (const event of events) {
    const problem = whyNotEvent(event, layouts, edge);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function usedSignals({ events, frames }: SegmentContent): Signal[] {
  const signals = new Set<Signal>();
  if (frames.length > 0) signals.add('frame');
  for (const event of events) {
    const signal = signalOf(event);
    if (signal !== undefined) signals.add(signal);
  }
  return [...signals];
}

/** Gaps, displays, tasks, and which window is active, are structure and always present. */
function signalOf(event: CapturedEvent): Signal | undefined {
  if (event.kind === 'key' || event.kind === 'run') return 'key';
  if (event.kind === 'move' || event.kind === 'button' || event.kind === 'scroll') return 'pointer';
  return event.kind === 'focus' ? 'focus' : undefined;
}

function whyNotEvent(
  event: CapturedEvent,
  layouts: Layouts,
  edge: 0 | 1,
): ContentRefusal | undefined {
  if (event.kind === 'display') {
    const known = layouts.byEpoch.get(event.epoch);
    const same = known?.width === event.width && known.height === event.height;
    if (known !== undefined && !same) return 'content.inconsistent';
    layouts.byEpoch.set(event.epoch, event);
    layouts.current = event;
    return undefined;
  }
  if (!('x' in event) || layouts.current === undefined) return undefined;
  const { width, height } = layouts.current;
  const inside = event.x >= 0 && event.y >= 0 && event.x < width + edge && event.y < height + edge;
  return inside ? undefined : 'coordinate.out-of-range';
}
