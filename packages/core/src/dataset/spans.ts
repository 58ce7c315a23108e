// Cuts a timeline into spans: one per task, and outside tasks one per stretch of activity.
import type { Moment } from './timeline.ts';

/** Outside tasks, a longer time without anything ends a stretch of activity. */
export const idleSecondsMax = 300;
const idleMs = idleSecondsMax * 1000;

export interface Span {
  /** The task's words; empty outside tasks. */
  readonly instruction: string;
  readonly moments: readonly Moment[];
}

/** Spans in order; every moment is in exactly one, and none is empty. */
export function spansOf(moments: readonly Moment[]): Span[] {
  const spans: Span[] = [];
  let open: Moment[] = [];
  let task: string | undefined;
  let endMs = 0;
  const close = () => {
    if (open.length > 0) spans.push({ instruction: task ?? '', moments: open });
    open = [];
    task = undefined;
  };
  for (const moment of moments) {
    const { event } = moment;
    const starts = event.kind === 'task' && event.edge === 'start';
    const idle = task === undefined && open.length > 0 && moment.atMs - endMs > idleMs;
    if (starts || idle) close();
    if (event.kind === 'task' && event.edge === 'start') task = event.text;
    open.push(moment);
    endMs = Math.max(lastMs(moment), endMs);
    if (event.kind === 'task' && event.edge === 'end') close();
  }
  close();
  return spans;
}

/** A gap record counts from its start, so that a long one ends a stretch as silence does. */
function lastMs({ event, atMs, baseMs }: Moment): number {
  return event.kind === 'run' ? Math.max(atMs, baseMs + event.endedAtMs) : atMs;
}
