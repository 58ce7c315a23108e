// One line of a DuckTrack or AgentNet log becomes one input event, or a reason without content.
// Nothing is repaired or clamped: what is not plainly an event is rejected and counted.
import type { InputEvent, MouseButton } from '../action/index.ts';
import type { JsonObject } from './json-line.ts';
import { keyName } from './key-name.ts';

export interface Screen {
  /** Pixels in the log's own coordinates. */
  readonly width: number;
  readonly height: number;
}

export type EventFault =
  | 'action.unknown'
  | 'field.invalid'
  | 'button.unknown'
  | 'key.unknown'
  | 'coordinate.out-of-range';

/** Coordinates of any desktop lie within this distance of its origin, whatever the screen. */
export const coordinatePxMax = 100_000;
/** A wheel event of more steps is no wheel event. */
export const scrollStepsMax = 10_000;

const buttons: Readonly<Record<string, MouseButton>> = {
  left: 'left',
  right: 'right',
  middle: 'middle',
  x1: 'back',
  x2: 'forward',
  button8: 'back',
  button9: 'forward',
};

export function eventOf(
  line: JsonObject,
  index: number,
  at: number,
  screen?: Screen,
): InputEvent | EventFault {
  switch (line.action) {
    case 'move':
    case 'click':
    case 'scroll':
      return pointerEvent(line, index, at, screen);
    case 'press':
    case 'release': {
      const key = keyName(line.name, line.pynput_key);
      if (key === undefined) return 'key.unknown';
      return { kind: 'key', key, down: line.action === 'press', at, index };
    }
    case 'pause':
    case 'resume':
      return { kind: 'gap', at, index };
    default:
      return 'action.unknown';
  }
}

function pointerEvent(
  line: JsonObject,
  index: number,
  at: number,
  screen?: Screen,
): InputEvent | EventFault {
  const { dx, dy, pressed: down } = line;
  if (!isNumber(line.x) || !isNumber(line.y)) return 'field.invalid';
  const x = pixel(line.x, screen?.width);
  const y = pixel(line.y, screen?.height);
  if (x === undefined || y === undefined) return 'coordinate.out-of-range';
  if (line.action === 'move') return { kind: 'move', x, y, at, index };
  if (line.action === 'scroll') {
    if (!isSteps(dx) || !isSteps(dy)) return 'field.invalid';
    return { kind: 'scroll', dx, dy, x, y, at, index };
  }
  if (typeof line.button !== 'string' || typeof down !== 'boolean') return 'field.invalid';
  const name = line.button.replace(/^Button\./u, '');
  const button = Object.hasOwn(buttons, name) ? buttons[name] : undefined;
  if (button === undefined) return 'button.unknown';
  return { kind: 'button', button, down, x, y, at, index };
}

/** The nearest pixel of a position on the screen; its last pixel reaches up to its edge. */
function pixel(position: number, size?: number): number | undefined {
  if (Math.abs(position) > coordinatePxMax) return undefined;
  const rounded = Math.round(position) + 0;
  if (size === undefined) return rounded;
  if (position < 0 || position >= size) return undefined;
  return rounded === size ? size - 1 : rounded;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isSteps(value: unknown): value is number {
  return isNumber(value) && Math.abs(value) <= scrollStepsMax;
}
