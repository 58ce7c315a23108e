// A set of words that takes five bytes a slot: per word a 32-bit hash and eight marks. Two words in
// some billions share a hash; the worst that comes of it is one word too many masked.

/** What lists say about a word. One word may carry several marks. */
export const mark = {
  /** A given or family name. */
  name: 1,
  /** A given name, from lists that hold nothing else. */
  given: 2,
  /** A town or village. */
  town: 4,
  /** A country or a part of one. */
  region: 8,
  /** An English word, or a term of computing. */
  word: 16,
  /** One of the most frequent English words. */
  common: 32,
  /** A frequent word of another language. */
  foreign: 64,
  /** A word that wallets use in recovery phrases. */
  seed: 128,
} as const;

export interface WordTable {
  readonly hashes: Uint32Array;
  readonly marks: Uint8Array;
}

/** `slots` is a power of two, and at least a quarter more than the words to come. */
export function wordTable(slots: number): WordTable {
  return { hashes: new Uint32Array(slots), marks: new Uint8Array(slots) };
}

/** Adds the mark to the word; it may be there already. */
export function addWord(table: WordTable, key: string, marks: number): void {
  const at = slotOf(table, hashOf(key));
  table.hashes[at] = hashOf(key);
  table.marks[at] = (table.marks[at] ?? 0) | marks;
}

/** The marks of a word, 0 where no list has it. */
export function marksOf(table: WordTable, key: string): number {
  return table.marks[slotOf(table, hashOf(key))] ?? 0;
}

export function wordCount({ hashes }: WordTable): number {
  return hashes.reduce((sum, hash) => sum + (hash === 0 ? 0 : 1), 0);
}

/** The hashes, in this machine's byte order, then the marks. */
export function bytesOfTable({ hashes, marks }: WordTable): Uint8Array {
  const bytes = new Uint8Array(hashes.byteLength + marks.length);
  bytes.set(new Uint8Array(hashes.buffer));
  bytes.set(marks, hashes.byteLength);
  return bytes;
}

/**
 * The table that these bytes are; it may keep their memory. Undefined for another length, and where
 * no slot is free: looking for a word would not end.
 */
export function tableOfBytes(bytes: Uint8Array, slots: number): WordTable | undefined {
  const marksAt = slots * Uint32Array.BYTES_PER_ELEMENT;
  if (bytes.length !== marksAt + slots) return undefined;
  const own = bytes.byteOffset % Uint32Array.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice();
  const hashes = new Uint32Array(own.buffer, own.byteOffset, slots);
  return hashes.includes(0) ? { hashes, marks: own.subarray(marksAt) } : undefined;
}

function slotOf({ hashes }: WordTable, hash: number): number {
  const last = hashes.length - 1;
  let at = hash & last;
  while (hashes[at] !== 0 && hashes[at] !== hash) at = (at + 1) & last;
  return at;
}

/** FNV-1a over UTF-16 units, its bits then mixed as MurmurHash3 ends; never 0. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) {
    hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0 || 1;
}
