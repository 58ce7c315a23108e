// Turns what the browser says of keys and pointer into plain facts. Only events that a person made
// (`isTrusted`) come here.
import type { Seen } from './message.ts';

const names: Readonly<Record<string, string>> = {
  ' ': 'space',
  alt: 'alt',
  arrowdown: 'down',
  arrowleft: 'left',
  arrowright: 'right',
  arrowup: 'up',
  control: 'ctrl',
};
/** Composed text comes in pieces that say nothing by themselves. */
const untold: ReadonlySet<string> = new Set(['Dead', 'Process', 'Unidentified']);
const buttons = ['left', 'middle', 'right', 'back', 'forward'] as const;
const pixelsPerStep = 100;
const linesPerStep = 3;

type Held = Pick<MouseEvent, 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'getModifierState'>;

/** Undefined for text that is being composed. */
export function seenKey(event: KeyboardEvent): Seen | undefined {
  if (event.isComposing || untold.has(event.key)) return undefined;
  const text = [...event.key].length === 1 ? event.key : null;
  const lower = event.key.toLowerCase();
  const name = names[lower] ?? lower;
  const { code, repeat } = event;
  const down = event.type === 'keydown';
  const own = name === 'ctrl' || name === 'shift' || name === 'alt' || name === 'meta' ? name : '';
  const modifiers = modifiersOf(event).filter((each) => each !== own);
  return {
    kind: 'key',
    at: timeOf(event),
    code: numberOf(code),
    name,
    text,
    down,
    repeat,
    modifiers,
  };
}

export function seenPointer(event: PointerEvent): Seen | undefined {
  const button = buttons[event.button];
  const at = { at: timeOf(event), ...placeOf(event) };
  if (event.type === 'pointermove') return { kind: 'move', ...at };
  if (button === undefined) return undefined;
  const down = event.type === 'pointerdown';
  return { kind: 'button', ...at, button, down, modifiers: modifiersOf(event) };
}

export function seenWheel(event: WheelEvent): Seen | undefined {
  const step = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? pixelsPerStep : linesPerStep;
  const dx = Math.round((event.deltaX / step) * 100) / 100;
  const dy = Math.round((-event.deltaY / step) * 100) / 100;
  if (dx === 0 && dy === 0) return undefined;
  const modifiers = modifiersOf(event);
  return { kind: 'scroll', at: timeOf(event), ...placeOf(event), dx, dy: dy + 0, modifiers };
}

function placeOf({ clientX, clientY }: MouseEvent) {
  return {
    x: Math.round(clientX * devicePixelRatio),
    y: Math.round(clientY * devicePixelRatio),
  };
}

export function timeOf({ timeStamp }: Pick<Event, 'timeStamp'>): number {
  return performance.timeOrigin + timeStamp;
}

/** AltGr is how letters are typed, and stands for Ctrl and Alt on some systems. */
function modifiersOf(event: Held) {
  const isLetter = event.getModifierState('AltGraph');
  const held = {
    ctrl: event.ctrlKey && !isLetter,
    shift: event.shiftKey,
    alt: event.altKey && !isLetter,
    meta: event.metaKey,
  };
  return (['ctrl', 'shift', 'alt', 'meta'] as const).filter((name) => held[name]);
}

/** A number for a key of the keyboard, such as `KeyA`: FNV-1a, 31 bits. */
function numberOf(code: string): number {
  const hash = [...code].reduce(
    (sum, letter) => Math.imul(sum ^ (letter.codePointAt(0) ?? 0), 0x01000193),
    0x811c9dc5,
  );
  return hash >>> 1;
}
