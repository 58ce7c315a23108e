// From observations to drafts: everything is held until its focus is known, judged by the gate, and
// written down only when it is kept. Raw text and pixels stay in memory here.
import type { CapturedEvent, GapReason } from '@handrail/core/events';
import type { Sensitive } from '@handrail/core/sensitive';
import type { Gate, KeyScene, Verdict } from '../gate/gate.ts';
import type {
  ActiveWindow,
  ButtonObservation,
  Clock,
  FocusedField,
  KeyObservation,
  MoveObservation,
  Observation,
  ScrollObservation,
} from '../sources/source.ts';
import { cutOf } from './cut.ts';
import { Draft } from './draft.ts';
import type { MaskedFrame } from './frame-mask.ts';
import { FrameRing } from './frame-ring.ts';
import { Hold, holdMs } from './hold.ts';
import { Pointer } from './pointer.ts';
import { Timeline } from './timeline.ts';
import { isText, Typing } from './typing.ts';

export interface FinishedDraft {
  readonly draft: Draft;
  readonly closes: boolean;
}

export interface RecorderParts {
  readonly gate: Gate;
  readonly clock: Clock;
  readonly onDraft: (finished: FinishedDraft) => void;
}

type PointerObservation = MoveObservation | ButtonObservation | ScrollObservation;

export class Recorder {
  readonly #parts: RecorderParts;
  readonly #hold = new Hold();
  readonly #ring = new FrameRing();
  readonly #typing = new Typing();
  readonly #pointer = new Pointer();
  readonly #windows = new Timeline<ActiveWindow | undefined>();
  readonly #focus = new Timeline<FocusedField | undefined>();
  readonly #maps = new Timeline<MaskedFrame['view']['map']>();
  #layout: Extract<CapturedEvent, { kind: 'display' }> | undefined;
  #draft: Draft | undefined;
  #pendingGap: { readonly reason: GapReason; readonly fromMs: number } | undefined;
  #context: number | null = null;
  #field: string | undefined;
  #window: number | undefined;
  #task: Sensitive<string> | undefined;
  #openSegments = 0;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
  }

  /** True once a frame and the desktop are known, so that what is kept can be paired. */
  get isReady(): boolean {
    return this.#ring.latest() !== undefined && this.#layout !== undefined;
  }

  get heldCount(): number {
    return this.#hold.size;
  }

  /** Takes one observation; whatever may depend on the focus waits. */
  observe(observation: Observation): void {
    if (observation.kind === 'window') this.#windows.set(observation.atMs, observation.window);
    if (observation.kind === 'focus') this.#focus.set(observation.atMs, observation.focus);
    if (observation.kind === 'damage') this.#ring.changed(observation.atMs);
    else if (!this.#hold.add(observation)) this.#suppress('overflow', observation.atMs);
  }

  /** A masked frame with the desktop it was made from. */
  addFrame(frame: MaskedFrame): void {
    this.#ring.add(frame);
    this.#maps.set(frame.atMs, frame.view.map);
  }

  /** The screen changed and what it shows now is not known yet. */
  changed(atMs: number): void {
    this.#ring.changed(atMs);
  }

  /** Writes down what has waited long enough, and ends the segment when it is time. */
  tick(): void {
    const nowMs = this.#parts.clock();
    for (const observation of this.#hold.take(nowMs)) this.#process(observation);
    this.#cutIfDue(nowMs);
  }

  /** Capture stops or goes on; what is held at that moment is dropped. */
  stand(standing: GapReason | undefined): void {
    const nowMs = this.#parts.clock();
    if (standing !== undefined && this.#parts.gate.standing === undefined) this.tick();
    this.#parts.gate.stand(standing);
    if (standing === undefined) return;
    this.#hold.clear();
    this.#letGo();
    this.finish(true);
    this.#pendingGap = { reason: standing, fromMs: nowMs };
  }

  startTask(text: Sensitive<string>): void {
    this.endTask();
    this.#flush();
    this.finish(true);
    this.#task = text;
  }

  endTask(): void {
    if (this.#task === undefined) return;
    this.#flush();
    if (this.#draft) this.#add({ kind: 'task', atMs: this.#now(), edge: 'end', text: '' });
    this.#task = undefined;
    this.finish(true);
  }

  /** Drops the draft and the frames; nothing of them is left. */
  forget(): void {
    const nowMs = this.#parts.clock();
    this.#hold.clear();
    this.#letGo();
    this.#draft = undefined;
    this.#ring.clear();
    this.#pendingGap = { reason: 'forgotten', fromMs: nowMs };
  }

  /** Hands over the draft, if there is one. */
  finish(closes: boolean): void {
    const draft = this.#draft;
    if (!draft) return;
    this.#draft = undefined;
    this.#typing.interrupt(draft, false);
    this.#openSegments = closes ? 0 : this.#openSegments + 1;
    this.#parts.onDraft({ draft, closes });
  }

  /** What is held is old enough once a task is named: nobody types while saying so. */
  #flush(): void {
    for (const observation of this.#hold.take(Number.POSITIVE_INFINITY)) this.#process(observation);
  }

  #process(observation: Observation): void {
    const { kind } = observation;
    if (kind === 'key') this.#key(observation);
    else if (kind === 'move' || kind === 'button' || kind === 'scroll') this.#point(observation);
    else if (kind === 'display') this.#display(observation);
    else if (kind === 'window' || kind === 'focus') this.#place(observation.atMs);
  }

  #key(key: KeyObservation): void {
    const verdict = this.#parts.gate.key(this.#scenes(key), key.injected);
    if (verdict.kind === 'drop') {
      this.#typing.reset();
      if (verdict.reason === 'secure-field') this.#discardField();
      this.#suppress(verdict.reason, key.atMs);
      return;
    }
    const draft = this.#openDraft(key.atMs);
    this.#tellContext(verdict, key.atMs);
    const atMs = draft.sinceStart(key.atMs);
    const field = draft.field(this.#field ?? '', undefined).number;
    if (key.down && !this.#typing.isOpen(draft, atMs)) this.#keepFrame(key.atMs);
    this.#typing.add(draft, key, atMs, field);
  }

  #point(event: PointerObservation): void {
    const { gate } = this.#parts;
    const verdict = this.#pointer.judge(event, () =>
      gate.pointer(this.#mapAt(event.atMs), event.x, event.y, event.injected),
    );
    if (verdict.kind === 'drop' || !this.#isOnDisplay(event)) {
      this.#suppress(verdict.kind === 'drop' ? verdict.reason : 'not-allowed', event.atMs);
      return;
    }
    const draft = this.#openDraft(event.atMs);
    this.#tellContext(verdict, event.atMs);
    const atMs = draft.sinceStart(event.atMs);
    if (event.kind !== 'move') this.#typing.interrupt(draft, true);
    if (this.#pointer.begins(event)) this.#keepFrame(event.atMs);
    draft.add(pointerEvent(event, atMs));
  }

  #display(event: Extract<Observation, { kind: 'display' }>): void {
    const { epoch, width, height, scale } = event;
    this.#layout = { kind: 'display', atMs: 0, epoch, width, height, scale };
    this.#ring.clear();
    this.#letGo();
    if (this.#draft) this.#add({ ...this.#layout, atMs: this.#draft.sinceStart(event.atMs) });
  }

  /** The active window or the focus changed. */
  #place(atMs: number): void {
    const [window] = this.#windows.during(atMs, atMs);
    const focus = this.#focusAt(atMs);
    const verdict = this.#parts.gate.window(window, focus);
    if (focus?.roleClass === 'password') this.#draft?.secure(focus.fieldId);
    // A changed title is no other place: what is being typed goes on.
    const isElsewhere = window?.id !== this.#window || focus?.fieldId !== this.#field;
    if (this.#draft && isElsewhere) this.#typing.interrupt(this.#draft, false);
    this.#window = window?.id;
    this.#tellContext(verdict, atMs);
    this.#tellFocus(verdict, focus, atMs);
  }

  #tellContext(verdict: Verdict, atMs: number): void {
    const context = verdict.kind === 'keep' ? verdict.context : null;
    if (context === this.#context) return;
    this.#context = context;
    if (this.#draft) this.#add({ kind: 'window', atMs: this.#draft.sinceStart(atMs), context });
  }

  #tellFocus(verdict: Verdict, focus: FocusedField | undefined, atMs: number): void {
    if (focus?.fieldId === this.#field) return;
    this.#field = focus?.fieldId;
    if (!this.#draft || !focus || verdict.kind !== 'keep' || !focus.bounds) return;
    if (focus.roleClass === 'password') return;
    const field = this.#draft.field(focus.fieldId, focus.bounds).number;
    const { role, editable, bounds } = focus;
    this.#add({ kind: 'focus', atMs: this.#draft.sinceStart(atMs), role, field, editable, bounds });
  }

  /**
   * Text may belong to any focus of the hold. A key without text tells nothing about a field, and
   * often moves the focus itself, so it belongs to the focus in effect when it was pressed.
   */
  #scenes(key: KeyObservation): readonly KeyScene[] {
    const untilMs = isText(key) ? key.atMs + holdMs : key.atMs;
    const windows = this.#windows.during(key.atMs, untilMs);
    const focuses = this.#focus.during(key.atMs, untilMs);
    return windows.flatMap((window) => focuses.map((focus) => ({ window, focus })));
  }

  /** The focus at `atMs`, or the one that followed it within the hold. */
  #focusAt(atMs: number): FocusedField | undefined {
    return this.#focus.during(atMs, atMs + holdMs).find((focus) => focus !== undefined);
  }

  #mapAt(atMs: number) {
    return this.#maps.during(atMs, atMs)[0];
  }

  #isOnDisplay({ x, y }: { readonly x: number; readonly y: number }): boolean {
    const layout = this.#layout;
    return layout !== undefined && x >= 0 && y >= 0 && x < layout.width && y < layout.height;
  }

  #openDraft(atMs: number): Draft {
    if (this.#draft) return this.#draft;
    const gap = this.#pendingGap;
    const draft = new Draft(gap?.fromMs ?? atMs, atMs);
    this.#draft = draft;
    this.#pendingGap = undefined;
    this.#field = undefined;
    if (gap) draft.suppress(gap.reason, atMs);
    const since = draft.sinceStart(atMs);
    // Segments up to a closing one are read together, so a task is told once for all of them.
    if (this.#task && this.#openSegments === 0) {
      this.#add({ kind: 'task', atMs: since, edge: 'start', text: this.#task.reveal() });
    }
    if (this.#layout) this.#add({ ...this.#layout, atMs: since });
    this.#context = null;
    this.#place(atMs);
    this.#keepFrame(atMs);
    return draft;
  }

  #suppress(reason: GapReason, atMs: number): void {
    if (this.#draft) this.#draft.suppress(reason, atMs);
    else this.#pendingGap ??= { reason, fromMs: atMs };
  }

  #discardField(): void {
    const focus = this.#focus.latest();
    if (focus) this.#draft?.secure(focus.fieldId);
  }

  #keepFrame(atMs: number): void {
    const found = this.#ring.before(atMs);
    if (found) this.#draft?.keepFrame(found.number, () => found.encode());
  }

  #add(event: CapturedEvent): void {
    this.#draft?.add(event);
  }

  #now(): number {
    return this.#draft?.sinceStart(this.#parts.clock()) ?? 0;
  }

  #letGo(): void {
    this.#typing.reset();
    this.#pointer.reset();
  }

  #cutIfDue(nowMs: number): void {
    const draft = this.#draft;
    if (!draft) return;
    const since = nowMs - draft.startedAtMs;
    const isHeld = this.#pointer.isDown || this.#hold.size > 0 || this.#typing.isOpen(draft, since);
    const inTask = this.#task !== undefined;
    const cut = cutOf(draft, { nowMs, isHeld, inTask, openSegments: this.#openSegments });
    if (cut !== 'none') this.finish(cut === 'closing');
  }
}

function pointerEvent(event: PointerObservation, atMs: number): CapturedEvent {
  const { x, y } = event;
  if (event.kind === 'move') return { kind: 'move', atMs, x, y };
  const modifiers = [...event.modifiers];
  if (event.kind === 'scroll') {
    return { kind: 'scroll', atMs, x, y, dx: event.dx, dy: event.dy, modifiers };
  }
  return { kind: 'button', atMs, x, y, button: event.button, down: event.down, modifiers };
}
