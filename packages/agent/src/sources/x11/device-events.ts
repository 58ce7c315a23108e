// Reads the 32-byte device events that RECORD delivers: the physical device's own event (input
// extension) comes first, and the core event that follows says what and where it was. A core event
// without a known physical device before it was made by a program (XTEST, or a warped pointer).
import type { Observation, PointerButton } from '@handrail/core/observation';
import type { Emit } from '../source.ts';
import type { KeyMeaning, Keymap } from './keymap.ts';
import type { KeymapHistory } from './keymap-history.ts';
import type { ServerClock } from './server-clock.ts';

const eventBytes = 32;
const keyPress = 2;
const keyRelease = 3;
const buttonPress = 4;
const buttonRelease = 5;
const motionNotify = 6;

const buttons: Readonly<Record<number, PointerButton>> = {
  1: 'left',
  2: 'middle',
  3: 'right',
  8: 'back',
  9: 'forward',
};
const wheel: Readonly<Record<number, readonly [number, number]>> = {
  4: [0, 1],
  5: [0, -1],
  6: [-1, 0],
  7: [1, 0],
};

export interface DeviceEvent {
  readonly type: number;
  /** Keycode or button. */
  readonly detail: number;
  readonly time: number;
  readonly x: number;
  readonly y: number;
  readonly state: number;
  /** Only in events of the input extension. */
  readonly device: number;
}

/** Splits one RECORD reply. Bytes after the last whole event are none of ours. */
export function* parseDeviceEvents(data: Buffer): Generator<DeviceEvent> {
  for (let at = 0; at + eventBytes <= data.length; at += eventBytes) {
    yield {
      type: data.readUInt8(at) & 0x7f,
      detail: data.readUInt8(at + 1),
      time: data.readUInt32LE(at + 4),
      x: data.readInt16LE(at + 20),
      y: data.readInt16LE(at + 22),
      state: data.readUInt16LE(at + 28),
      device: data.readUInt8(at + 31) & 0x7f,
    };
  }
}

interface CoreEvent extends DeviceEvent {
  readonly injected: boolean;
}

interface ReaderParts {
  readonly keymaps: KeymapHistory;
  readonly serverClock: ServerClock;
  /** Devices of this kind stand for a person's hand. */
  readonly isPhysical: (device: number) => boolean;
  readonly firstInputEvent: number;
  readonly emit: Emit;
}

/** Turns device events into observations, and a repeating key's false releases into nothing. */
export class DeviceEventReader {
  readonly #parts: ReaderParts;
  /** What each held key meant when it went down: its release means the same. */
  readonly #held = new Map<number, KeyMeaning>();
  #byHand = false;
  #release: CoreEvent | undefined;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
  }

  read(event: DeviceEvent): void {
    if (event.type > this.#parts.firstInputEvent) {
      this.#byHand = this.#parts.isPhysical(event.device);
      return;
    }
    const known = { ...event, injected: !this.#byHand };
    this.#byHand = false;
    // A repeating key is told as a release and a press of the same moment.
    const held = this.#release;
    const repeats = held?.detail === event.detail && held.time === event.time;
    if (held && repeats && event.type === keyPress) this.#release = undefined;
    else this.flush();
    if (event.type === keyRelease) this.#release = known;
    else this.#tell(known);
  }

  /** Tells a release that was waiting for its press; called at the end of every reply. */
  flush(): void {
    const release = this.#release;
    this.#release = undefined;
    if (release) this.#tell(release);
  }

  #tell(event: CoreEvent): void {
    const observation = this.#observe(event);
    if (observation) this.#parts.emit(observation);
  }

  #observe(event: CoreEvent): Observation | undefined {
    const { x, y, detail, time, injected } = event;
    const common = { atMs: this.#parts.serverClock.toMs(time), serverTime: time, injected };
    if (event.type === motionNotify) return { kind: 'move', ...common, x, y };
    const keymap = this.#parts.keymaps.at(time);
    if (event.type === keyPress || event.type === keyRelease) {
      return { kind: 'key', ...common, ...this.#key(event, keymap) };
    }
    if (event.type !== buttonPress && event.type !== buttonRelease) return undefined;
    const down = event.type === buttonPress;
    const modifiers = keymap.modifiers(event.state);
    const button = buttons[detail];
    if (button) return { kind: 'button', ...common, button, down, x, y, modifiers };
    const step = down ? wheel[detail] : undefined;
    if (!step) return undefined;
    return { kind: 'scroll', ...common, dx: step[0], dy: step[1], x, y, modifiers };
  }

  #key(event: CoreEvent, keymap: Keymap) {
    const { detail: keycode, state } = event;
    const modifiers = keymap.modifiers(state);
    const before = this.#held.get(keycode);
    if (event.type === keyRelease) {
      this.#held.delete(keycode);
      const { keysym, name } = before ?? keymap.meaning(keycode, state);
      return { keycode, keysym, text: undefined, name, down: false, modifiers, repeat: false };
    }
    const meaning = keymap.meaning(keycode, state);
    this.#held.set(keycode, meaning);
    return { keycode, ...meaning, down: true, modifiers, repeat: before !== undefined };
  }
}
