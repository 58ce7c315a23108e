// Captured events as the reducer reads them: times in seconds since the trajectory's start.
import type { InputEvent } from '../action/index.ts';
import type { Moment } from './timeline.ts';

/** A boundary where segments are missing comes before the event itself. */
export function* inputsOf(moments: Iterable<Moment>, originMs: number): Generator<InputEvent> {
  for (const moment of moments) {
    if (moment.afterMissing) yield { kind: 'gap', at: at(moment, originMs), index: moment.number };
    const input = inputOf(moment, originMs);
    if (input !== undefined) yield input;
  }
}

/** True for what a person did, as against where and when. */
export function isInput(moment: Moment): boolean {
  const { kind } = moment.event;
  return ['move', 'button', 'scroll', 'key', 'run'].includes(kind);
}

function inputOf(moment: Moment, originMs: number): InputEvent | undefined {
  const { event, number: index } = moment;
  const placed = { at: at(moment, originMs), index };
  switch (event.kind) {
    case 'move':
      return { kind: 'move', ...placed, x: event.x, y: event.y };
    case 'button': {
      const { button, down, x, y } = event;
      return { kind: 'button', ...placed, button, down, x, y };
    }
    case 'scroll': {
      const { dx, dy, x, y } = event;
      return { kind: 'scroll', ...placed, dx, dy, x, y };
    }
    case 'key':
      return { kind: 'key', ...placed, key: event.key, down: event.down };
    case 'run': {
      const endedAt = secondsFrom(originMs, moment.baseMs + event.endedAtMs);
      const { text, keyCount, field } = event;
      return { kind: 'run', ...placed, text, endedAt, keyCount, field: String(field) };
    }
    case 'task':
      return undefined;
    default:
      return { kind: event.kind, ...placed };
  }
}

function at(moment: Moment, originMs: number): number {
  return secondsFrom(originMs, moment.atMs);
}

/** Whole milliseconds over 1000: the nearest number to three decimals, never below zero. */
export function secondsFrom(originMs: number, atMs: number): number {
  return Math.max(0, atMs - originMs) / 1000;
}
