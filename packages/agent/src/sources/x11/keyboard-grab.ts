// Whether somebody else takes the keys of the active window: a lock screen or a prompt grabs the
// keyboard and leaves window and focus as they are. A grab is foreign unless it shows otherwise.
import type { ActiveWindow, Clock } from '@handrail/core/observation';
import type { XClient, XEvent } from './client.ts';
import type { WindowInfo, WindowLister } from './windows.ts';

/** Shorter than the hold: keys that were typed meanwhile are still judged by the answer. */
const backdateMillisecondsMax = 120;
/** A slow menu is recognised so late; what comes up later says nothing about the grab. */
const judgeMillisecondsMax = 500;

const notifyNormal = 0;
const notifyGrab = 1;
const notifyUngrab = 2;
/** The pointer lies there; nothing is said about who has the keyboard. */
const detailPointer = 5;
const substructureNotifyMask = 0x80000;

/** What an event of the active window says: `own` is a grab by that window itself. */
export function grabChangeOf(event: XEvent): 'begins' | 'own' | 'ends' | undefined {
  const isIn = event.name === 'FocusIn';
  if ((!isIn && event.name !== 'FocusOut') || event.detail === detailPointer) return undefined;
  if (event.mode === notifyGrab) return isIn ? 'own' : 'begins';
  // The ordinary mode is only told while nobody has grabbed the keyboard.
  return event.mode === notifyUngrab || event.mode === notifyNormal ? 'ends' : undefined;
}

interface Grab {
  readonly atMs: number;
  isOwn: boolean;
  /** A foreign window above all others: probably the one that asks for the keys. */
  holder: number | undefined;
}

export interface KeyboardGrabParts {
  readonly client: XClient;
  readonly root: number;
  /** What is selected on the root in any case. */
  readonly rootMask: number;
  readonly lister: WindowLister;
  readonly clock: Clock;
  /** Windows that say nothing about a grab: our own indicator. */
  readonly ignored: readonly number[];
  readonly active: () => ActiveWindow | undefined;
  /** Whether the keys are somebody else's may have changed, with effect from `atMs`. */
  readonly onChange: (atMs: number) => void;
}

export class KeyboardGrab {
  readonly #parts: KeyboardGrabParts;
  #grab: Grab | undefined;

  constructor(parts: KeyboardGrabParts) {
    this.#parts = parts;
    parts.client.on('event', (event) => this.#see(event));
  }

  /** True while the keys go to somebody else than the active window. */
  get isForeign(): boolean {
    return this.#grab !== undefined && !this.#grab.isOwn;
  }

  /** Another window became active: a lock screen stays on top of it, a switcher is gone. */
  async reconsider(): Promise<void> {
    const grab = this.#grab;
    if (!grab) return;
    const windows = grab.holder !== undefined ? await this.#parts.lister.windowsNow() : [];
    if (this.#grab === grab && !windows.some(({ id }) => id === grab.holder)) this.#end();
  }

  #see(event: XEvent): void {
    if (event.name === 'MapNotify' && this.isForeign) this.#judge();
    if (event.wid !== this.#parts.active()?.id) return;
    const change = grabChangeOf(event);
    if (change === 'begins') this.#begin();
    else if (change === 'own') this.#owned(this.#grab);
    else if (change === 'ends' && this.#grab) this.#end();
  }

  #begin(): void {
    const atMs = this.#parts.clock();
    this.#grab = { atMs, isOwn: false, holder: undefined };
    this.#selectOnRoot(substructureNotifyMask);
    this.#parts.onChange(atMs);
    this.#judge();
  }

  /** A menu may be shown only after its grab, so this is asked again as windows come up. */
  async #judge(): Promise<void> {
    const grab = this.#grab;
    if (!grab || this.#isSettled(grab)) return;
    // A list that cannot be read says nothing, and the grab stays foreign.
    const windows = await this.#parts.lister.windowsNow().catch(() => []);
    if (this.#grab !== grab || this.#isSettled(grab)) return;
    const top = windows.find(({ id }) => !this.#parts.ignored.includes(id));
    if (isPopupOf(top, this.#parts.active())) this.#owned(grab);
    else grab.holder = top?.overrideRedirect ? top.id : undefined;
  }

  #isSettled(grab: Grab): boolean {
    return grab.isOwn || this.#ageMs(grab) > judgeMillisecondsMax;
  }

  #ageMs({ atMs }: Grab): number {
    return this.#parts.clock() - atMs;
  }

  #owned(grab: Grab | undefined): void {
    if (!grab || this.#isSettled(grab)) return;
    grab.isOwn = true;
    this.#selectOnRoot(0);
    const isEarly = this.#ageMs(grab) <= backdateMillisecondsMax;
    this.#parts.onChange(isEarly ? grab.atMs : this.#parts.clock());
  }

  #end(): void {
    this.#grab = undefined;
    this.#selectOnRoot(0);
    this.#parts.onChange(this.#parts.clock());
  }

  #selectOnRoot(more: number): void {
    const { client, root, rootMask } = this.#parts;
    client.ChangeWindowAttributes(root, { eventMask: rootMask | more });
  }
}

/** A menu or list of the active window's own process. */
function isPopupOf(top: WindowInfo | undefined, active: ActiveWindow | undefined): boolean {
  return top?.overrideRedirect === true && top.pid !== undefined && top.pid === active?.pid;
}
