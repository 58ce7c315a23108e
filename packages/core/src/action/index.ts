// Raw input becomes actions: click, long press, drag, scroll, typed text, key, hotkey, move.
export { type Action, type ActionKind, actionJson, type PathPoint } from './action.ts';
export type {
  BoundaryEvent,
  ButtonEvent,
  InputEvent,
  KeyEvent,
  MouseButton,
  MoveEvent,
  RunEvent,
  ScrollEvent,
} from './event.ts';
export { reduce, reduceTraced, type TracedAction } from './reduce.ts';
export { reducerVersion } from './rules.ts';
