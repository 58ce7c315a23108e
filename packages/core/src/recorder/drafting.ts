// The draft that is being written and what must be told in the next one: a gap before it, the task,
// the layout. Segments up to a closing one are read together.
import type { GapReason } from '../events/index.ts';
import type { Clock } from '../observation/index.ts';
import type { Sensitive } from '../sensitive/index.ts';
import { cutOf } from './cut.ts';
import { Draft } from './draft.ts';
import type { Scene } from './scene.ts';

export interface FinishedDraft {
  readonly draft: Draft;
  readonly closes: boolean;
}

export interface DraftingParts {
  readonly clock: Clock;
  readonly scene: Scene;
  /** A draft has begun; it tells the layout and the task, and no place yet. */
  readonly onBegin: (draft: Draft, atMs: number) => void;
  readonly onDraft: (finished: FinishedDraft) => void;
}

export class Drafting {
  readonly #parts: DraftingParts;
  #draft: Draft | undefined;
  #pendingGap: { readonly reason: GapReason; readonly fromMs: number } | undefined;
  #task: Sensitive<string> | undefined;
  #openSegments = 0;

  constructor(parts: DraftingParts) {
    this.#parts = parts;
  }

  get draft(): Draft | undefined {
    return this.#draft;
  }

  get hasTask(): boolean {
    return this.#task !== undefined;
  }

  /** The draft for something that is kept, begun where there is none. */
  open(atMs: number): Draft {
    if (this.#draft) return this.#draft;
    const gap = this.#pendingGap;
    const draft = new Draft(gap?.fromMs ?? atMs, atMs);
    this.#draft = draft;
    this.#pendingGap = undefined;
    if (gap) draft.beginWithGap(gap.reason);
    const since = draft.sinceStart(atMs);
    // Segments up to a closing one are read together, so a task is told once for all of them.
    if (this.#task && this.#openSegments === 0) {
      draft.add({ kind: 'task', atMs: since, edge: 'start', text: this.#task.reveal() });
    }
    const { layout } = this.#parts.scene;
    if (layout) draft.add({ ...layout, atMs: since });
    this.#parts.onBegin(draft, atMs);
    return draft;
  }

  /** Hands over the draft, if there is one; what was left open is closed in any case. */
  finish(closes: boolean): void {
    const draft = this.#draft ?? (closes ? this.#closingDraft() : undefined);
    if (!draft) return;
    this.#draft = undefined;
    this.#openSegments = closes ? 0 : this.#openSegments + 1;
    this.#parts.onDraft({ draft, closes });
  }

  /** `isHeld`: something that has begun would be torn apart by a closing end. */
  finishIfDue(nowMs: number, isHeld: boolean): void {
    if (!this.#draft) return;
    const inTask = this.hasTask;
    const cut = cutOf(this.#draft, { nowMs, isHeld, inTask, openSegments: this.#openSegments });
    if (cut !== 'none') this.finish(cut === 'closing');
  }

  startTask(text: Sensitive<string>): void {
    this.finish(true);
    this.#task = text;
  }

  endTask(): void {
    if (this.#task === undefined) return;
    const draft = this.#draft ?? this.#closingDraft();
    const atMs = draft?.sinceStart(this.#parts.clock()) ?? 0;
    draft?.add({ kind: 'task', atMs, edge: 'end', text: '' });
    this.#task = undefined;
    this.finish(true);
  }

  /** Something was not kept: a gap in the draft, or before the next one. */
  suppress(reason: GapReason, atMs: number): void {
    if (this.#draft) this.#draft.suppress(reason, atMs);
    else this.#pendingGap ??= { reason, fromMs: atMs };
  }

  /** Nothing is left of the draft but a gap before the next one. */
  drop(reason: GapReason, fromMs: number): void {
    this.#draft = undefined;
    this.#pendingGap = { reason, fromMs };
  }

  /** Earlier segments wait for a closing one: a draft for it, though nothing more was kept. */
  #closingDraft(): Draft | undefined {
    if (this.#openSegments === 0) return undefined;
    const draft = new Draft(this.#parts.clock());
    const { layout } = this.#parts.scene;
    if (layout) draft.add(layout);
    this.#draft = draft;
    return draft;
  }
}
