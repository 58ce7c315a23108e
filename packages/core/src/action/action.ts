// One action is one thing a person did. Its JSON is the stable face of the reducer: these fields,
// in this order, absent ones left out.
import type { MouseButton } from './event.ts';

export type ActionKind =
  | 'click'
  | 'long_press'
  | 'drag'
  | 'scroll'
  | 'type'
  | 'key'
  | 'hotkey'
  | 'move';

/** x, y in integer pixels, t in seconds as in the log. */
export type PathPoint = readonly [x: number, y: number, t: number];

export interface Action {
  readonly kind: ActionKind;
  /** click, long_press, drag. */
  readonly button?: MouseButton;
  /** Held from before it began, in the order of their presses. Not on hotkeys: see `keys`. */
  readonly modifiers?: readonly string[];
  /** Where it began: pointer actions only. */
  readonly x?: number;
  readonly y?: number;
  /** drag (from press to release) and move. */
  readonly path?: readonly PathPoint[];
  readonly text?: string;
  /** key: one name. hotkey: modifiers in the order of their presses, then the key. */
  readonly keys?: readonly string[];
  /** Sums of wheel steps with the log's sign. */
  readonly dx?: number;
  readonly dy?: number;
  /** 1 to 3, for click, long_press and drag: which press of a multi-click it ends with. */
  readonly count?: number;
  /** The press, first key or first step; motion that led to it is not counted. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** First and last event that belong to it, both inclusive. Ranges may interleave. */
  readonly events: readonly [from: number, to: number];
}

const order: readonly (keyof Action)[] = [
  ...(['kind', 'button', 'modifiers', 'x', 'y', 'path', 'text', 'keys', 'dx', 'dy'] as const),
  ...(['count', 'startedAt', 'endedAt', 'events'] as const),
];

/** One line of JSON with the published fields only, in their published order. */
export function actionJson(action: Action): string {
  return JSON.stringify(action, [...order]);
}
