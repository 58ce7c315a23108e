// From observations to drafts: everything is held until its focus is known, judged by the gate, and
// written down only when it is kept. Raw text and pixels stay in memory here.
import type { GapReason } from '../events/index.ts';
import type { Picture } from '../frame-image/index.ts';
import type { DesktopMap, Gate, KeyScene } from '../gate/index.ts';
import type { Clock, KeyObservation, Observation } from '../observation/index.ts';
import type { Sensitive } from '../sensitive/index.ts';
import type { Draft } from './draft.ts';
import { Drafting, type FinishedDraft } from './drafting.ts';
import { type EncodeImage, FrameRing } from './frame-ring.ts';
import { Hold } from './hold.ts';
import type { MaskedFrame } from './masked-frame.ts';
import { Pointer, type PointerObservation, pointerEvent } from './pointer.ts';
import { Scene } from './scene.ts';
import { isText, Typing } from './typing.ts';
import { Whereabouts } from './whereabouts.ts';

export type { FinishedDraft };

export interface RecorderParts {
  readonly gate: Gate;
  readonly clock: Clock;
  readonly encodeImage: EncodeImage;
  readonly onDraft: (finished: FinishedDraft) => void;
}

export class Recorder {
  readonly #parts: RecorderParts;
  readonly #hold = new Hold();
  readonly #ring: FrameRing;
  readonly #typing = new Typing();
  readonly #pointer = new Pointer();
  readonly #scene = new Scene();
  readonly #whereabouts: Whereabouts;
  readonly #drafting: Drafting;
  /** Input and frames from before this were not to be recorded, however late they come. */
  #inputFromMs = Number.NEGATIVE_INFINITY;
  #framesFromMs = Number.NEGATIVE_INFINITY;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
    this.#ring = new FrameRing(parts.encodeImage);
    this.#whereabouts = new Whereabouts(parts.gate, this.#scene);
    this.#drafting = new Drafting({
      clock: parts.clock,
      scene: this.#scene,
      onBegin: (draft, atMs) => this.#began(draft, atMs),
      onDraft: (finished) => {
        this.#typing.interrupt(finished.draft, false);
        parts.onDraft(finished);
      },
    });
  }

  /** True once a frame and the desktop are known, so that what is kept can be paired. */
  get isReady(): boolean {
    return this.#ring.latest() !== undefined && this.#scene.layout !== undefined;
  }

  /** What was last seen of the screen, masked. */
  get picture(): Picture | undefined {
    return this.#ring.latest()?.picture;
  }

  get heldCount(): number {
    return this.#hold.size;
  }

  /** True for a field that is or was for passwords. */
  isSecure(fieldId: string): boolean {
    return this.#scene.isSecure(fieldId);
  }

  /** Takes one observation; whatever may depend on the focus waits. */
  observe(observation: Observation): void {
    this.#scene.see(observation);
    if (observation.kind === 'damage') this.#ring.changed(observation.atMs);
    else if (!this.#hold.add(observation)) this.#drafting.suppress('overflow', observation.atMs);
  }

  /** A masked frame with the desktop it was made from. */
  addFrame(frame: MaskedFrame): void {
    if (frame.atMs < this.#framesFromMs) return;
    this.#ring.add(frame);
    this.#scene.seeFrame(frame);
  }

  /** Where contexts lie from now on, for a host that knows it without a picture. */
  addMap(atMs: number, map: DesktopMap): void {
    this.#scene.seeMap(atMs, map);
  }

  /** The screen changed and what it shows now is not known yet. */
  changed(atMs: number): void {
    this.#ring.changed(atMs);
  }

  /** Writes down what has waited long enough, and ends the segment when it is time. */
  tick(): void {
    const nowMs = this.#parts.clock();
    this.#release(nowMs);
    this.#cutIfDue(nowMs);
  }

  /** Capture stops or goes on; what is held at that moment is dropped. */
  stand(standing: GapReason | undefined): void {
    const { gate, clock } = this.#parts;
    const nowMs = clock();
    // What waits belongs to what held while it happened, also when that was a reason to drop it.
    this.#release(gate.standing === undefined ? nowMs : Number.POSITIVE_INFINITY);
    gate.stand(standing);
    this.#inputFromMs = nowMs;
    if (standing === undefined) return;
    this.#dropHeld();
    this.#letGo();
    this.finish(true);
    // Only the indicator's health turns while the screen is still being looked at.
    if (standing !== 'indicator') this.#dropFrames(nowMs);
    this.#drafting.suppress(standing, nowMs);
  }

  startTask(text: Sensitive<string>): void {
    this.endTask();
    this.#flush();
    this.#drafting.startTask(text);
  }

  endTask(): void {
    if (!this.#drafting.hasTask) return;
    this.#flush();
    this.#drafting.endTask();
  }

  /** Drops the draft and the frames; nothing of them is left. */
  forget(): void {
    const nowMs = this.#parts.clock();
    this.#dropHeld();
    this.#letGo();
    this.#drafting.drop('forgotten', nowMs);
    this.#inputFromMs = nowMs;
    this.#dropFrames(nowMs);
  }

  /** Hands over the draft, if there is one; what was left open is closed in any case. */
  finish(closes: boolean): void {
    this.#drafting.finish(closes);
  }

  /** A task has an edge in time: text that has not waited for its focus yet is lost to it. */
  #flush(): void {
    const nowMs = this.#parts.clock();
    this.#release(nowMs);
    for (const young of this.#hold.take(Number.POSITIVE_INFINITY)) {
      if (young.kind === 'key' && isText(young))
        this.#drafting.suppress('unknown-focus', young.atMs);
      else this.#process(young);
    }
  }

  /** Input that waits is dropped; how the display is laid out holds all the same. */
  #dropHeld(): void {
    for (const held of this.#hold.take(Number.POSITIVE_INFINITY)) {
      if (held.kind === 'display') this.#display(held);
    }
  }

  #release(nowMs: number): void {
    for (const observation of this.#hold.take(nowMs)) {
      this.#process(observation);
      if (this.#drafting.draft?.isFull(observation.atMs)) this.#cutIfDue(observation.atMs);
    }
  }

  #process(observation: Observation): void {
    const { kind, atMs } = observation;
    const isLate = atMs < this.#inputFromMs;
    if (kind === 'key') {
      if (!isLate) this.#key(observation);
    } else if (kind === 'move' || kind === 'button' || kind === 'scroll') {
      if (!isLate) this.#point(observation);
    } else if (kind === 'display') this.#display(observation);
    else if (kind === 'window' || kind === 'focus') this.#place(atMs);
  }

  #key(key: KeyObservation): void {
    const scenes = this.#scene.of(key);
    const isCovered = isText(key) && this.#scene.isFieldCovered(scenes);
    const verdict = this.#parts.gate.key(scenes, key.injected, isCovered);
    if (verdict.kind === 'drop') {
      this.#typing.reset();
      this.#discardSecure(scenes);
      this.#drafting.suppress(verdict.reason, key.atMs);
      return;
    }
    const draft = this.#drafting.open(key.atMs);
    this.#whereabouts.tellContext(draft, verdict, key.atMs);
    const atMs = draft.sinceStart(key.atMs);
    const field = this.#whereabouts.fieldOf(draft);
    if (key.down && !this.#typing.isOpen(draft, atMs)) this.#keepFrame(key.atMs);
    this.#typing.add(draft, key, atMs, field);
  }

  #point(event: PointerObservation): void {
    const { gate } = this.#parts;
    const verdict = this.#pointer.judge(event, () =>
      gate.pointer(this.#mapAt(event.atMs), event.x, event.y, event.injected),
    );
    if (verdict.kind === 'drop' || !this.#scene.isOnDisplay(event)) {
      this.#drafting.suppress(verdict.kind === 'drop' ? verdict.reason : 'not-allowed', event.atMs);
      return;
    }
    const draft = this.#drafting.open(event.atMs);
    this.#whereabouts.tellContext(draft, verdict, event.atMs);
    const atMs = draft.sinceStart(event.atMs);
    if (event.kind !== 'move') this.#typing.interrupt(draft, true);
    if (this.#pointer.begins(event)) this.#keepFrame(event.atMs);
    draft.add(pointerEvent(event, atMs));
  }

  #display(event: Extract<Observation, { kind: 'display' }>): void {
    const layout = this.#scene.seeDisplay(event);
    this.#dropFrames(event.atMs);
    this.#letGo();
    const { draft } = this.#drafting;
    draft?.add({ ...layout, atMs: draft.sinceStart(event.atMs) });
  }

  #place(atMs: number): void {
    const { draft } = this.#drafting;
    const isElsewhere = this.#whereabouts.place(draft, atMs);
    if (draft && isElsewhere) this.#typing.interrupt(draft, false);
  }

  #mapAt(atMs: number) {
    return this.#scene.mapAt(atMs, (window) => this.#parts.gate.wholeWindow(window));
  }

  #began(draft: Draft, atMs: number): void {
    this.#whereabouts.begin();
    this.#place(atMs);
    this.#keepFrame(atMs, draft);
  }

  #discardSecure(scenes: readonly KeyScene[]): void {
    for (const { focus } of scenes) {
      if (focus?.roleClass === 'password') this.#drafting.draft?.secure(focus.fieldId);
    }
  }

  #dropFrames(beforeMs: number): void {
    this.#framesFromMs = Math.max(this.#framesFromMs, beforeMs);
    this.#ring.dropBefore(beforeMs);
  }

  #keepFrame(atMs: number, draft = this.#drafting.draft): void {
    const found = this.#ring.before(atMs);
    if (found && this.#parts.gate.frame(atMs)) draft?.keepFrame(found);
  }

  #letGo(): void {
    this.#typing.reset();
    this.#pointer.reset();
  }

  #cutIfDue(nowMs: number): void {
    const { draft } = this.#drafting;
    if (!draft) return;
    const since = nowMs - draft.startedAtMs;
    const isHeld = this.#pointer.isDown || this.#hold.size > 0 || this.#typing.isOpen(draft, since);
    this.#drafting.finishIfDue(nowMs, isHeld);
  }
}
