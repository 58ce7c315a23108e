// Bytes in every form that they can be turned into: as they are, with escapes undone, what lies
// compressed or in base64 inside of them, and what was cut into pieces put together again.
import { cborPieces } from './cbor-strings.ts';
import { joined, jsonPieces } from './pieces.ts';
import { unescaped } from './unescape.ts';
import { unpacked } from './unpack.ts';

/** Archives in archives, and base64 in JSON in archives. */
const depthMax = 3;
const base64CharsMin = 24;
const containers = ['1f8b', '789c', '7801', '78da', '785e', '28b52ffd', '50415231'] as const;

export function* everyForm(bytes: Buffer, depth = 0): Generator<Buffer> {
  yield bytes;
  const plain = unescaped(bytes);
  if (plain !== undefined) yield plain;
  for (const pieces of [jsonPieces(bytes), cborPieces(bytes)]) yield* joined(pieces);
  if (depth === depthMax) return;
  for (const content of unpacked(bytes)) yield* everyForm(content, depth + 1);
  for (const content of base64Containers(bytes)) yield* everyForm(content, depth + 1);
}

/** Base64 of something compressed; base64 of text is found without undoing it. */
function* base64Containers(bytes: Buffer): Generator<Buffer> {
  const text = bytes.toString('latin1');
  for (const { 0: run } of text.matchAll(/[A-Za-z0-9+/_-]{24,}/g)) {
    if (run.length < base64CharsMin) continue;
    const start = Buffer.from(run.slice(0, 8), 'base64').toString('hex');
    if (containers.some((magic) => start.startsWith(magic))) yield Buffer.from(run, 'base64');
  }
}
