// A segment as its device sealed it, in the rows and frames that the page shows of a trajectory:
// each thing that was done, beside the picture from before it. Mere movement is left out.
import type { SegmentFacts } from '@handrail/core/segment';

type Event = SegmentFacts['events'][number];

export interface RecordingRow {
  readonly kind: string;
  readonly text?: string;
  readonly keys?: readonly string[];
  readonly x?: number;
  readonly y?: number;
  /** The id of a frame; null where there was none yet. */
  readonly frame: string | null;
}

export function recordingRows(segment: SegmentFacts) {
  const frames = segment.frames.map((frame, at) => ({ ...frame, id: String(at) }));
  const actions = segment.events.flatMap((event): RecordingRow[] => {
    const row = rowOf(event);
    if (row === undefined) return [];
    const before = frames.findLast(({ atMs }) => atMs <= event.atMs);
    return [{ ...row, frame: before?.id ?? null }];
  });
  return { instruction: `${segment.id}, as the device sealed it`, actions, frames };
}

function rowOf(event: Event): Omit<RecordingRow, 'frame'> | undefined {
  switch (event.kind) {
    case 'move':
    case 'display':
      return undefined;
    case 'button':
      return { kind: `${event.button} ${event.down ? 'down' : 'up'}`, x: event.x, y: event.y };
    case 'scroll':
      return { kind: `scroll ${event.dx}, ${event.dy}`, x: event.x, y: event.y };
    case 'key':
      return { kind: event.down ? 'key down' : 'key up', keys: [event.key] };
    case 'run':
      return { kind: 'type', text: event.text };
    case 'task':
      return { kind: `task ${event.edge}`, text: event.text };
    case 'window':
    case 'focus':
      return { kind: event.kind };
    case 'gap':
      return { kind: 'gap', text: event.reason };
  }
}
