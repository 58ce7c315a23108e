// The keyboard mapping that was in force when a key was pressed, also while programs change it
// between keystrokes: changes seen in the recorded stream and mappings read aside are put in order.
import { type Keymap, makeKeymap, type RawMapping } from './keymap.ts';

const changesMax = 64;

/** A ChangeKeyboardMapping request as it passed in the recorded stream. */
export interface MappingChange {
  readonly serverTime: number;
  readonly first: number;
  readonly rows: readonly (readonly number[])[];
}

export class KeymapHistory {
  #mapping: RawMapping;
  #keymap: Keymap;
  #changes: MappingChange[] = [];
  #read: { readonly serverTime: number; readonly mapping: RawMapping } | undefined;

  constructor(mapping: RawMapping) {
    this.#mapping = mapping;
    this.#keymap = makeKeymap(mapping);
  }

  /** The keymap for an event of this server time; times are asked for in order. */
  at(serverTime: number): Keymap {
    const read = this.#read;
    if (read && isAfter(serverTime, read.serverTime)) {
      this.#read = undefined;
      this.#changes = this.#changes.filter(
        (change) => !isAfter(read.serverTime, change.serverTime),
      );
      this.#set(this.#changes.reduce(applied, read.mapping));
    }
    return this.#keymap;
  }

  /** A change that passed in the stream, before the events that follow it there. */
  change(change: MappingChange): void {
    this.#changes = [...this.#changes, change].slice(-changesMax);
    this.#set(applied(this.#mapping, change));
  }

  /** A whole mapping, read at or after this server time: it holds for later events only. */
  wasRead(serverTime: number, mapping: RawMapping): void {
    this.#read = { serverTime, mapping };
  }

  #set(mapping: RawMapping): void {
    this.#mapping = mapping;
    this.#keymap = makeKeymap(mapping);
  }
}

function applied(mapping: RawMapping, change: MappingChange): RawMapping {
  const rows = [...mapping.rows];
  for (const [index, row] of change.rows.entries()) {
    const at = change.first - mapping.first + index;
    if (at >= 0 && at < rows.length) rows[at] = row;
  }
  return { ...mapping, rows };
}

function isAfter(a: number, b: number): boolean {
  return ((a - b) | 0) > 0;
}

/** Reads the request, which RECORD delivers with the server time before it. */
export function parseMappingChange(data: Buffer): MappingChange | undefined {
  const changeKeyboardMapping = 100;
  if (data.length < 12 || data.readUInt8(4) !== changeKeyboardMapping) return undefined;
  const keycodes = data.readUInt8(5);
  const width = data.readUInt8(9);
  if (data.length < 12 + keycodes * width * 4) return undefined;
  const rows = Array.from({ length: keycodes }, (_, row) =>
    Array.from({ length: width }, (_, column) =>
      data.readUInt32LE(12 + (row * width + column) * 4),
    ),
  );
  return { serverTime: data.readUInt32LE(0), first: data.readUInt8(8), rows };
}
