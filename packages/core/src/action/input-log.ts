// Writes small input logs for tests, one call per event, numbered in the order of the calls.
import type { BoundaryEvent, InputEvent, MouseButton } from './event.ts';

export interface InputLog {
  readonly events: readonly InputEvent[];
  move(at: number, x: number, y: number): InputLog;
  down(at: number, x: number, y: number, button?: MouseButton): InputLog;
  up(at: number, x: number, y: number, button?: MouseButton): InputLog;
  /** A press and, 50 ms later, its release. */
  click(at: number, x: number, y: number, button?: MouseButton): InputLog;
  scroll(at: number, dx: number, dy: number): InputLog;
  key(at: number, key: string): InputLog;
  keyUp(at: number, key: string): InputLog;
  /** A key press and, 50 ms later, its release. */
  tap(at: number, key: string): InputLog;
  run(at: number, text: string, endedAt: number): InputLog;
  boundary(at: number, kind: BoundaryEvent['kind']): InputLog;
}

type Numbered<T> = T extends unknown ? Omit<T, 'index'> : never;

export function inputLog(): InputLog {
  const events: InputEvent[] = [];
  const add = (event: Numbered<InputEvent>): InputLog => {
    events.push({ ...event, index: events.length });
    return log;
  };
  const press = (down: boolean) => (at: number, x: number, y: number, button?: MouseButton) =>
    add({ kind: 'button', button: button ?? 'left', down, x, y, at });
  const after = (at: number) => Math.round((at + 0.05) * 1e6) / 1e6;
  const log: InputLog = {
    events,
    move: (at, x, y) => add({ kind: 'move', x, y, at }),
    down: press(true),
    up: press(false),
    click: (at, x, y, button) => log.down(at, x, y, button).up(after(at), x, y, button),
    scroll: (at, dx, dy) => add({ kind: 'scroll', dx, dy, x: 0, y: 0, at }),
    key: (at, key) => add({ kind: 'key', key, down: true, at }),
    keyUp: (at, key) => add({ kind: 'key', key, down: false, at }),
    tap: (at, key) => log.key(at, key).keyUp(after(at), key),
    run: (at, text, endedAt) => add({ kind: 'run', text, endedAt, keyCount: text.length, at }),
    boundary: (at, kind) => add({ kind, at }),
  };
  return log;
}
