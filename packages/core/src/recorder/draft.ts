// A segment in the making: raw text and pixels, in memory only. It leaves this object through
// redaction and sealing, or it is forgotten.
import type { Box, CapturedEvent, GapReason } from '../events/index.ts';
import { contentBytesMax, framesPerSegmentMax } from '../segment/index.ts';
import type { FoundFrame, KeptFrame } from './kept-frame.ts';

export const draftSecondsMax = 60;
/** Far fewer than a segment may hold: they wait in memory. A hand makes 125 to 1,000 a second. */
const draftEventsMax = 25_000;
/** Room is left for events: images may take this much of a segment. */
export const imageBytesMax = contentBytesMax - 512 * 1024;

/** A focus that moves by itself is told within this time, or its keys are lost to caution. */
const lateFocusMs = 1000;

type RunEvent = Extract<CapturedEvent, { kind: 'run' }>;

/** One accessible that had the focus, numbered within the segment. */
export interface DraftField {
  readonly fieldId: string;
  readonly number: number;
  readonly bounds: Box | undefined;
}

export class Draft {
  readonly startedAtMs: number;
  readonly openedAtMs: number;
  readonly events: CapturedEvent[] = [];
  readonly #frames: Promise<KeptFrame>[] = [];
  #lastFrame: Pick<FoundFrame, 'number' | 'picture'> | undefined;
  readonly #fields = new Map<string, DraftField>();
  readonly secureFieldIds = new Set<string>();
  #gap: { readonly index: number; readonly reason: GapReason } | undefined;
  #lastMs: number;
  #imageBytes = 0;

  /** Both on the agent's monotonic clock: what its times count from, and when it began to fill. */
  constructor(startedAtMs: number, openedAtMs = startedAtMs) {
    this.startedAtMs = startedAtMs;
    this.openedAtMs = openedAtMs;
    this.#lastMs = openedAtMs;
  }

  get lastMs(): number {
    return this.#lastMs;
  }

  isEmpty(): boolean {
    return this.events.length === 0;
  }

  /** Time since the segment's start, never negative and never running backwards. */
  sinceStart(atMs: number): number {
    this.#lastMs = Math.max(this.#lastMs, atMs);
    return Math.max(0, Math.round(this.#lastMs - this.startedAtMs));
  }

  add(event: CapturedEvent): void {
    this.#gap = undefined;
    this.events.push(event);
  }

  /** Something was suppressed: one gap grows for as long as nothing is kept in between. */
  suppress(reason: GapReason, atMs: number): void {
    const at = this.sinceStart(atMs);
    const open = this.#gap && this.events[this.#gap.index];
    if (this.#gap?.reason === reason && open?.kind === 'gap') {
      this.events[this.#gap.index] = { ...open, endedAtMs: Math.max(open.endedAtMs, at) };
      return;
    }
    this.#gap = { index: this.events.length, reason };
    this.events.push({ kind: 'gap', atMs: at, endedAtMs: at, reason });
  }

  /** What was suppressed before this segment began to fill. */
  beginWithGap(reason: GapReason): void {
    this.events.push({ kind: 'gap', atMs: 0, endedAtMs: this.sinceStart(this.openedAtMs), reason });
    this.#gap = { index: this.events.length - 1, reason };
  }

  field(fieldId: string, bounds: Box | undefined): DraftField {
    const known = this.#fields.get(fieldId);
    const number = known?.number ?? this.#fields.size;
    const field = { fieldId, number, bounds: bounds ?? known?.bounds };
    this.#fields.set(fieldId, field);
    return field;
  }

  fieldId(number: number): string | undefined {
    return [...this.#fields.values()].find((field) => field.number === number)?.fieldId;
  }

  /** The field proved to be secure: what was typed into it is discarded, and it is filled. */
  secure(fieldId: string): void {
    this.secureFieldIds.add(fieldId);
    const number = this.#fields.get(fieldId)?.number;
    for (const [at, event] of this.events.entries()) {
      if (event.kind === 'run' && event.field === number) this.#discard(at, event);
    }
  }

  /**
   * A secure field took the focus, and was told late: what was typed since something may have moved
   * the focus is discarded; where nothing did, what was typed just before.
   */
  secureSince(atMs: number): void {
    const untilMs = this.sinceStart(atMs);
    const runs: [number, RunEvent][] = [];
    let moved = false;
    for (let at = this.events.length - 1; at >= 0 && !moved; at--) {
      const event = this.events[at];
      if (event?.kind === 'focus') break;
      if (event?.kind === 'run') runs.push([at, event]);
      else moved = event !== undefined && mayMoveFocus(event);
    }
    for (const [at, run] of runs) {
      if (moved || untilMs - run.endedAtMs <= lateFocusMs) this.#discard(at, run);
    }
  }

  #discard(at: number, { atMs, endedAtMs }: RunEvent): void {
    this.events[at] = { kind: 'gap', atMs, endedAtMs, reason: 'secure-field' };
  }

  /** Keeps a frame once. Each builds on the one before, so an earlier one comes too late. */
  keepFrame({ number, picture, encode }: FoundFrame): void {
    const last = this.#lastFrame;
    if (last && number <= last.number) return;
    if (this.#frames.length >= framesPerSegmentMax) return;
    const encoding = encode(last?.picture).then((frame) => {
      this.#imageBytes += frame.image.length;
      return frame;
    });
    encoding.catch(() => undefined);
    this.#frames.push(encoding);
    this.#lastFrame = { number, picture };
  }

  /** In order; the image of each builds on the one before. */
  frames(): Promise<readonly KeptFrame[]> {
    return Promise.all(this.#frames);
  }

  /** True when no more may go into this segment. */
  isFull(atMs: number): boolean {
    const frames = this.#frames.length;
    return (
      atMs - this.openedAtMs >= draftSecondsMax * 1000 ||
      this.events.length >= draftEventsMax ||
      frames >= framesPerSegmentMax - 10 ||
      this.#imageBytes + frames * 8192 >= imageBytesMax
    );
  }
}

function mayMoveFocus(event: CapturedEvent): boolean {
  if (event.kind === 'button' || event.kind === 'key') return event.down;
  return event.kind === 'gap' || event.kind === 'window';
}
