// Recordings of other tools come under the same rules as our own: parsed strictly, line by line,
// with a content-free reason for each line that is not an event.
import type { InputEvent } from '../action/index.ts';
import { HandrailError } from '../errors/index.ts';
import { type JsonObject, parseObject } from './json-line.ts';
import { type Line, linesOf } from './lines.ts';
import { type EventFault, eventOf, type Screen } from './log-event.ts';

export { lineBytesMax } from './lines.ts';
export { coordinatePxMax, type Screen, scrollStepsMax } from './log-event.ts';

export type LogFormat = 'ducktrack' | 'agentnet';

export type RejectReason =
  | EventFault
  | 'line.too-long'
  | 'line.not-utf8'
  | 'json.invalid'
  | 'json.duplicate-field'
  | 'time.invalid'
  | 'time.backwards'
  | 'time.jump';

export interface ParsedLog {
  readonly events: readonly InputEvent[];
  /** Zero-based line numbers. */
  readonly rejected: readonly { readonly line: number; readonly reason: RejectReason }[];
}

export const logBytesMax = 512 * 1024 * 1024;
export const logLinesMax = 5_000_000;
/** Threads of a recorder race; an event this much older than the one before keeps its place. */
export const clockRaceSecondsMax = 0.1;
/** A line this far ahead of the one before has a broken time, else all after it would be late. */
export const clockJumpSecondsMax = 86_400;

/**
 * Reads the `events.jsonl` of DuckTrack (github.com/TheDuckAI/DuckTrack) or of AgentNet's tool
 * (github.com/xlang-ai/AgentNetTool). Coordinates come out as integer pixels; `index` is the
 * zero-based line number. Blank lines are no events and not rejected. Throws `format.unknown` where
 * no line is of that format, `input.too-large` above the limits.
 */
export function parseLog(log: Uint8Array | string, format: LogFormat, screen?: Screen): ParsedLog {
  if (format !== 'ducktrack' && format !== 'agentnet') {
    throw new HandrailError('format.unknown', 'The format must be ducktrack or agentnet.');
  }
  if (log.length > logBytesMax) throw tooLarge();
  const reader = newReader(screen);
  for (const line of linesOf(log)) {
    if (reader.line >= logLinesMax) throw tooLarge();
    readLine(reader, line);
    reader.line++;
  }
  if (reader.rejected.length > 0 && !reader.recognised) {
    const message = `No line is an event of ${format}; check the file and its format.`;
    throw new HandrailError('format.unknown', message);
  }
  return { events: reader.events, rejected: reader.rejected };
}

interface Reader {
  readonly screen: Screen | undefined;
  readonly events: InputEvent[];
  readonly rejected: { line: number; reason: RejectReason }[];
  line: number;
  lastAt: number | undefined;
  /** Some line had an action of the format, even if something else was wrong with it. */
  recognised: boolean;
}

function newReader(screen: Screen | undefined): Reader {
  return { screen, events: [], rejected: [], line: 0, lastAt: undefined, recognised: false };
}

function readLine(reader: Reader, line: Line): void {
  if (typeof line === 'string' && line.trim() === '') return;
  const event = typeof line === 'string' ? readText(reader, line) : line.unread;
  if (typeof event === 'string') {
    reader.rejected.push({ line: reader.line, reason: event });
    return;
  }
  reader.lastAt = Math.max(reader.lastAt ?? event.at, event.at);
  reader.events.push(event);
}

function readText(reader: Reader, text: string): InputEvent | RejectReason {
  const line = parseObject(text);
  if (typeof line === 'string') return line;
  const time = timeOf(line, reader.lastAt);
  const event = eventOf(line, reader.line, typeof time === 'number' ? time : 0, reader.screen);
  if (event !== 'action.unknown') reader.recognised = true;
  return typeof time === 'string' && typeof event !== 'string' ? time : event;
}

function timeOf(line: JsonObject, lastAt: number | undefined): number | RejectReason {
  const at = line.time_stamp;
  if (typeof at !== 'number' || !Number.isFinite(at)) return 'time.invalid';
  if (lastAt === undefined) return at;
  if (at < lastAt - clockRaceSecondsMax) return 'time.backwards';
  return at > lastAt + clockJumpSecondsMax ? 'time.jump' : at;
}

function tooLarge(): HandrailError {
  return new HandrailError('input.too-large', 'The log is too large; split it and import parts.');
}
