// Turns kept key observations into what may be stored: typed runs, and keys that make no text.
// Shift is told only where it does something other than typing.
import type { CapturedEvent } from '../events/index.ts';
import type { KeyObservation } from '../observation/index.ts';

/** Seconds without a key after which a run ends; the reducer's rule. */
export const typingGapMs = 2000;
export const runLettersMax = 4000;

export type RunEvent = Extract<CapturedEvent, { kind: 'run' }>;

/** A run that is still being typed; `event` is replaced in place until the run closes. */
interface OpenRun {
  readonly index: number;
  readonly field: number;
}

/** The growing list that typing writes into; times are ms since the segment's start. */
export interface EventList {
  readonly events: CapturedEvent[];
}

export class Typing {
  #open: OpenRun | undefined;
  #shift: { readonly atMs: number; told: boolean; used: boolean } | undefined;
  readonly #toldKeys = new Set<number>();

  /** Adds one kept key; `field` numbers the focused accessible. */
  add(list: EventList, key: KeyObservation, atMs: number, field: number): void {
    if (key.name === 'shift') this.#takeShift(list, key, atMs);
    else if (!key.down) this.#release(list, key, atMs);
    else if (isText(key)) this.#type(list, key.text ?? '', atMs, field);
    else this.#press(list, key, atMs);
  }

  /** Something other than typing happens: the run ends, and a held Shift now counts for it. */
  interrupt(list: EventList, usesShift: boolean): void {
    this.#open = undefined;
    if (usesShift) this.#tellShift(list);
  }

  /** True while a run may still grow. */
  isOpen(list: EventList, nowMs: number): boolean {
    const run = this.#openRun(list);
    return run !== undefined && nowMs - run.endedAtMs < typingGapMs;
  }

  /** Forgets everything held, as after a pause or a secure field. */
  reset(): void {
    this.#open = undefined;
    this.#shift = undefined;
    this.#toldKeys.clear();
  }

  #type(list: EventList, text: string, atMs: number, field: number): void {
    if (this.#shift) this.#shift.used = true;
    const run = this.#openRun(list);
    const index = this.#open?.index;
    const grows =
      run?.field === field &&
      atMs - run.endedAtMs < typingGapMs &&
      run.text.length + text.length <= runLettersMax;
    if (run && index !== undefined && grows) {
      const endedAtMs = Math.max(atMs, run.endedAtMs);
      const grown = { ...run, text: run.text + text, keyCount: run.keyCount + 1, endedAtMs };
      list.events[index] = grown;
      return;
    }
    this.#open = { index: list.events.length, field };
    list.events.push({ kind: 'run', atMs, endedAtMs: atMs, text, keyCount: 1, field });
  }

  #press(list: EventList, key: KeyObservation, atMs: number): void {
    this.interrupt(list, true);
    this.#toldKeys.add(key.keycode);
    list.events.push({ kind: 'key', atMs, key: key.name, down: true });
  }

  #release(list: EventList, key: KeyObservation, atMs: number): void {
    if (!this.#toldKeys.delete(key.keycode)) return;
    list.events.push({ kind: 'key', atMs, key: key.name, down: false });
  }

  #takeShift(list: EventList, key: KeyObservation, atMs: number): void {
    if (key.down) {
      this.#shift ??= { atMs, told: false, used: false };
      return;
    }
    if (this.#shift?.told) list.events.push({ kind: 'key', atMs, key: 'shift', down: false });
    this.#shift = undefined;
  }

  #tellShift(list: EventList): void {
    const shift = this.#shift;
    if (shift === undefined || shift.told || shift.used) return;
    shift.told = true;
    const last = list.events.at(-1);
    const atMs = Math.max(shift.atMs, last?.atMs ?? 0);
    list.events.push({ kind: 'key', atMs, key: 'shift', down: true });
  }

  #openRun(list: EventList): RunEvent | undefined {
    const event = this.#open && list.events[this.#open.index];
    return event?.kind === 'run' ? event : undefined;
  }
}

/** True when the key adds letters to a field; false for named keys and shortcuts. */
export function isText(key: KeyObservation): boolean {
  const { text } = key;
  if (text === undefined || text === '' || (text.codePointAt(0) ?? 0) < 0x20) return false;
  if (text === '\u007f') return false;
  return !key.modifiers.some((modifier) => modifier !== 'shift');
}
