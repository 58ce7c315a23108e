// Puts the events and frames of consecutive segments on one clock, with what was active at each
// moment. An event's number is its position in the list of all segments' events.
import { canonicalJson } from '../canonical-json/index.ts';
import type { CapturedEvent } from '../events/index.ts';
import type { Frame } from '../segment/index.ts';
import type { CapturedContext } from '../statement/index.ts';
import type { Display } from './trajectory.ts';

/** A segment that was opened and checked. */
export interface OpenedSegment {
  readonly id: string;
  readonly sequence: number;
  readonly startedAtMs: number;
  readonly contexts: readonly CapturedContext[];
  readonly events: readonly CapturedEvent[];
  readonly frames: readonly OpenedFrame[];
}

export interface OpenedFrame extends Omit<Frame, 'image'> {
  /** SHA-256 (hex) of `image`. */
  readonly id: string;
  readonly image: Uint8Array;
}

export interface Moment {
  readonly event: CapturedEvent;
  readonly number: number;
  /** Unix time in ms; never before an earlier segment's last event. */
  readonly atMs: number;
  /** Shift from the segment's own ms to `atMs`. */
  readonly baseMs: number;
  /** Index into `Timeline.contexts`, or null. */
  readonly context: number | null;
  readonly displayEpoch: number | null;
  /** True where segments are missing right before. */
  readonly afterMissing: boolean;
}

/** An opened frame whose areas name `Timeline.contexts`, and whose `atMs` is Unix time. */
export type TimedFrame = OpenedFrame;

export interface Timeline {
  readonly contexts: readonly CapturedContext[];
  readonly displays: readonly Display[];
  /** By time, then by number. */
  readonly moments: readonly Moment[];
  readonly frames: readonly TimedFrame[];
  readonly segments: readonly {
    readonly id: string;
    readonly firstEvent: number;
    readonly events: number;
  }[];
}

interface Placed {
  readonly segment: OpenedSegment;
  readonly baseMs: number;
  readonly firstEvent: number;
  readonly afterMissing: boolean;
}

export function timelineOf(segments: readonly OpenedSegment[]): Timeline {
  const placed = place([...segments].sort((a, b) => a.sequence - b.sequence));
  const contexts = new ContextTable();
  const bare = placed.flatMap((place) => bareMoments(place));
  const moments = bare.sort((a, b) => a.atMs - b.atMs || a.number - b.number);
  return {
    moments: withState(moments, placed, contexts),
    frames: placed.flatMap((place) => timedFrames(place, contexts)),
    displays: displaysOf(moments),
    contexts: contexts.all,
    segments: placed.map(({ segment, firstEvent }) => ({
      id: segment.id,
      firstEvent,
      events: segment.events.length,
    })),
  };
}

/** A clock that was set back between segments must not interleave them. */
function place(segments: readonly OpenedSegment[]): Placed[] {
  let endMs = 0;
  let firstEvent = 0;
  let next: number | undefined;
  return segments.map((segment) => {
    const baseMs = Math.max(segment.startedAtMs, endMs);
    const afterMissing = next !== undefined && segment.sequence !== next;
    const placed = { segment, baseMs, firstEvent, afterMissing };
    for (const event of segment.events) endMs = Math.max(endMs, baseMs + event.atMs);
    endMs = Math.max(endMs, baseMs);
    firstEvent += segment.events.length;
    next = segment.sequence + 1;
    return placed;
  });
}

type BareMoment = Omit<Moment, 'context' | 'displayEpoch'> & { readonly placed: Placed };

function bareMoments(placed: Placed): BareMoment[] {
  const { segment, baseMs, firstEvent } = placed;
  return segment.events.map((event, at) => ({
    event,
    number: firstEvent + at,
    atMs: baseMs + event.atMs,
    baseMs,
    afterMissing: placed.afterMissing && at === 0,
    placed,
  }));
}

/** What is active goes on over the segments of a session until an event changes it. */
function withState(
  moments: readonly BareMoment[],
  placed: readonly Placed[],
  contexts: ContextTable,
): Moment[] {
  const maps = new Map(placed.map((each) => [each, contexts.numbersOf(each.segment)]));
  let context: number | null = null;
  let displayEpoch: number | null = null;
  return moments.map(({ placed: from, ...moment }) => {
    const { event } = moment;
    if (event.kind === 'window') {
      context = event.context === null ? null : (maps.get(from)?.[event.context] ?? null);
    } else if (event.kind === 'display') displayEpoch = event.epoch;
    return { ...moment, context, displayEpoch };
  });
}

function timedFrames(placed: Placed, contexts: ContextTable): TimedFrame[] {
  const numbers = contexts.numbersOf(placed.segment);
  return placed.segment.frames.flatMap((frame) => {
    const areas = frame.areas.flatMap(({ context, box }) => {
      const number = numbers[context];
      return number === undefined ? [] : [{ context: number, box }];
    });
    const isWhole = areas.length === frame.areas.length;
    return isWhole ? [{ ...frame, areas, atMs: placed.baseMs + frame.atMs }] : [];
  });
}

function displaysOf(moments: readonly BareMoment[]): Display[] {
  const displays = new Map<number, Display>();
  for (const { event } of moments) {
    if (event.kind !== 'display') continue;
    const { epoch, width, height, scale } = event;
    displays.set(epoch, { epoch, width, height, scale });
  }
  return [...displays.values()];
}

class ContextTable {
  readonly all: CapturedContext[] = [];
  readonly #numbers = new Map<string, number>();

  numbersOf(segment: OpenedSegment): number[] {
    return segment.contexts.map((context) => this.#numberOf(context));
  }

  #numberOf(context: CapturedContext): number {
    const key = canonicalJson(context);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.all.length);
    return this.all.push(context) - 1;
  }
}
