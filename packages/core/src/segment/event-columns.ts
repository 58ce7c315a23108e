// Events as columns: each field of each kind has its own column, so that like stands by like and
// compresses well. The table below is the format.
import { z } from 'zod';
import { HandrailError } from '../errors/index.ts';
import {
  buttonSchema,
  type CapturedEvent,
  type EventKind,
  eventSchema,
  gapReasonSchema,
  modifierSchema,
} from '../events/index.ts';
import { ColumnReader, ColumnWriter } from './varint-column.ts';

type FieldForm = 'delta' | 'int' | 'flag' | 'text' | 'number' | 'nullable' | 'box' | Choices;
interface Choices {
  readonly one?: readonly string[];
  readonly some?: readonly string[];
}

const pointer = { x: 'delta', y: 'delta' } as const;
const modifiers = { some: modifierSchema.options } as const;

/** Appending a kind keeps the format readable; the order of kinds is the kind's number. */
const layout: readonly (readonly [EventKind, Readonly<Record<string, FieldForm>>])[] = [
  ['move', pointer],
  ['button', { ...pointer, button: { one: buttonSchema.options }, down: 'flag', modifiers }],
  ['scroll', { ...pointer, dx: 'number', dy: 'number', modifiers }],
  ['key', { key: 'text', down: 'flag' }],
  ['run', { endedAtMs: 'int', text: 'text', keyCount: 'int', field: 'int' }],
  ['window', { context: 'nullable' }],
  ['focus', { role: 'text', field: 'int', editable: 'flag', bounds: 'box' }],
  ['gap', { endedAtMs: 'int', reason: { one: gapReasonSchema.options } }],
  ['display', { epoch: 'int', width: 'int', height: 'int', scale: 'number' }],
  ['task', { edge: { one: ['start', 'end'] }, text: 'text' }],
];

export interface PackedEvents {
  readonly count: number;
  readonly strings: readonly string[];
  /** Column name -> bytes; `kind` and `atMs` belong to all kinds. */
  readonly columns: Readonly<Record<string, Uint8Array>>;
}

export function packEvents(events: readonly CapturedEvent[]): PackedEvents {
  const columns = new Map<string, ColumnWriter>();
  const strings = new Map<string, number>();
  const column = (name: string) => {
    const found = columns.get(name);
    if (found) return found;
    const fresh = new ColumnWriter();
    columns.set(name, fresh);
    return fresh;
  };
  const index = (text: string) => {
    const found = strings.get(text);
    if (found !== undefined) return found;
    strings.set(text, strings.size);
    return strings.size - 1;
  };
  const kinds = column('kind');
  const times = column('atMs');
  for (const event of events) {
    const number = layout.findIndex(([kind]) => kind === event.kind);
    const form = layout[number];
    if (form === undefined) throw new HandrailError('input.invalid', 'Unknown kind of event.');
    kinds.add(number);
    times.addDelta(event.atMs);
    const values: Readonly<Record<string, unknown>> = event;
    for (const [field, how] of Object.entries(form[1])) {
      writeField(column(columnName(event.kind, field, how)), how, values[field], index);
    }
  }
  const packed = [...columns].map(([name, writer]) => [name, writer.bytes()] as const);
  return {
    count: events.length,
    strings: [...strings.keys()],
    columns: Object.fromEntries(packed),
  };
}

/** Throws `format.truncated` or `input.invalid`; every event is checked against its schema. */
export function unpackEvents(packed: PackedEvents): CapturedEvent[] {
  const readers = new Map<string, ColumnReader>();
  const column = (name: string) => {
    const found = readers.get(name) ?? new ColumnReader(packed.columns[name] ?? new Uint8Array());
    readers.set(name, found);
    return found;
  };
  const events: CapturedEvent[] = [];
  for (let at = 0; at < packed.count; at++) {
    const form = layout[column('kind').next()];
    if (form === undefined) throw new HandrailError('format.unknown', 'Unknown kind of event.');
    const [kind, fields] = form;
    const event: Record<string, unknown> = { kind, atMs: column('atMs').nextDelta() };
    for (const [field, how] of Object.entries(fields)) {
      const reader = column(columnName(kind, field, how));
      event[field] = readField(reader, how, packed.strings);
    }
    events.push(checked(event));
  }
  if (![...readers.values()].every((reader) => reader.atEnd())) {
    throw new HandrailError('input.invalid', 'A column holds more than its events.');
  }
  return events;
}

// Pointer motion is one path whichever kind of event reports it, so those kinds share columns.
function columnName(kind: EventKind, field: string, how: FieldForm): string {
  return how === 'delta' ? field : `${kind}.${field}`;
}

function writeField(
  column: ColumnWriter,
  how: FieldForm,
  value: unknown,
  index: (text: string) => number,
): void {
  if (how === 'delta') column.addDelta(Number(value));
  else if (how === 'int') column.add(Number(value));
  else if (how === 'flag') column.add(value === true ? 1 : 0);
  else if (how === 'nullable') column.add(value === null ? -1 : Number(value));
  else if (how === 'text' || how === 'number') column.add(index(String(value)));
  else if (how === 'box') for (const side of boxSides) column.add(sideOf(value, side));
  else if (how.one) column.add(how.one.indexOf(String(value)));
  else column.add(maskOf(how.some ?? [], value));
}

const boxSides = ['x', 'y', 'width', 'height'] as const;
const boxShape = z.object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() });

function sideOf(value: unknown, side: (typeof boxSides)[number]): number {
  return boxShape.parse(value)[side];
}

function maskOf(names: readonly string[], value: unknown): number {
  const held: readonly unknown[] = Array.isArray(value) ? value : [];
  return names.reduce((mask, name, bit) => mask + (held.includes(name) ? 2 ** bit : 0), 0);
}

function readField(column: ColumnReader, how: FieldForm, strings: readonly string[]): unknown {
  if (how === 'delta') return column.nextDelta();
  if (how === 'int') return column.next();
  if (how === 'flag') return column.next() === 1;
  if (how === 'text') return strings[column.next()];
  if (how === 'number') return Number(strings[column.next()]);
  if (how === 'box') return Object.fromEntries(boxSides.map((side) => [side, column.next()]));
  const value = column.next();
  if (how === 'nullable') return value === -1 ? null : value;
  if (how.one) return how.one[value];
  return (how.some ?? []).filter((_, bit) => Math.floor(value / 2 ** bit) % 2 === 1);
}

function checked(event: unknown): CapturedEvent {
  const parsed = eventSchema.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new HandrailError('input.invalid', 'An event of the segment has values out of range.');
}
