// Entry bundles of C2SP tlog-tiles: up to 256 entries, each behind its length in two bytes,
// big-endian.
import { HandrailError } from '../errors/index.ts';

/** The most bytes one entry may have in a bundle; our own entries have at most 4,096. */
export const bundleEntryBytesMax = 65_535;
const lengthBytes = 2;

/** Throws `input.too-large` for an entry that no bundle can hold. */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  const length = entries.reduce((sum, entry) => sum + lengthBytes + entry.length, 0);
  const bundle = new Uint8Array(length);
  let at = 0;
  for (const entry of entries) {
    if (entry.length > bundleEntryBytesMax) {
      throw new HandrailError('input.too-large', 'A ledger entry has at most 65,535 bytes.');
    }
    bundle[at] = entry.length >> 8;
    bundle[at + 1] = entry.length & 0xff;
    bundle.set(entry, at + lengthBytes);
    at += lengthBytes + entry.length;
  }
  return bundle;
}

/** The entries of a bundle, or undefined when its bytes end inside an entry. */
export function decodeBundle(bundle: Uint8Array): Uint8Array[] | undefined {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bundle.length) {
    const [high, low] = [bundle[at], bundle[at + 1]];
    if (high === undefined || low === undefined) return undefined;
    const from = at + lengthBytes;
    at = from + high * 256 + low;
    if (at > bundle.length) return undefined;
    entries.push(bundle.slice(from, at));
  }
  return entries;
}
