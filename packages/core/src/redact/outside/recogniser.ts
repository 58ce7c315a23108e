// A slot for a local model that finds names: a WebAssembly module that imports nothing, so it can
// reach no file, network or clock. It runs only when its bytes have the digest that was agreed.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { HandrailError } from '../../errors/index.ts';
import type { Finding, FindingClass } from '../finding.ts';

/** The part of WebAssembly's interface that this file uses; there in every browser and in Node. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ readonly instance: Instance }>;
};

interface Instance {
  readonly exports: Readonly<Record<string, unknown>>;
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Where to put that many UTF-16 units. */
  readonly input: (units: number) => number;
  /** Where the answer is: a count, then start, end and class of each finding, all 32 bits. */
  readonly recognise: (at: number, units: number) => number;
}

/** Finds what a model knows in one text. Throws `redaction.failed` when the model fails. */
export type Recogniser = (text: string) => readonly Finding[];

/** Classes by the number that a model gives. */
const modelClasses: readonly FindingClass[] = [
  'person',
  'organisation',
  'place',
  'address',
  'group',
  'date',
  'secret',
];
const findingsMax = 10_000;
const memoryBytesMax = 256 * 1024 * 1024;
/** Longer texts go in pieces that share a little. UTF-16 units. */
const pieceChars = 8 * 1024;
const sharedChars = 256;

/**
 * The recogniser in `bytes`. Throws `redaction.failed` when their SHA-256, in hexadecimal, is
 * another, when they are no module of this form, or when the module asks for anything.
 */
export async function loadRecogniser(bytes: Uint8Array, digest: string): Promise<Recogniser> {
  if (bytesToHex(sha256(bytes)) !== digest.toLowerCase()) {
    throw new HandrailError('redaction.failed', 'the recogniser is not the agreed file');
  }
  let exports: Exports;
  try {
    const { instance } = await WebAssembly.instantiate(bytes, {});
    exports = asExports(instance.exports);
  } catch (cause) {
    throw new HandrailError('redaction.failed', 'the recogniser cannot run', { cause });
  }
  return (text) => {
    const findings: Finding[] = [];
    for (let from = 0; from < text.length; from += pieceChars - sharedChars) {
      const piece = text.slice(from, from + pieceChars);
      for (const found of ask(exports, piece)) {
        findings.push({ ...found, start: found.start + from, end: found.end + from });
      }
    }
    return findings;
  };
}

function asExports(found: Instance['exports']): Exports {
  const { memory, input, recognise } = found;
  const isMemory = typeof memory === 'object' && memory !== null && 'buffer' in memory;
  if (!isMemory || typeof input !== 'function' || typeof recognise !== 'function') {
    throw new TypeError('memory, input and recognise must be exported');
  }
  return found as unknown as Exports;
}

function ask({ memory, input, recognise }: Exports, text: string): Finding[] {
  try {
    const at = input(text.length);
    const units = new Uint16Array(memory.buffer, at, text.length);
    for (let unit = 0; unit < text.length; unit++) units[unit] = text.charCodeAt(unit);
    return answer(memory.buffer, recognise(at, text.length), text.length);
  } catch (cause) {
    throw new HandrailError('redaction.failed', 'the recogniser stopped', { cause });
  }
}

function answer(buffer: ArrayBuffer, at: number, length: number): Finding[] {
  if (buffer.byteLength > memoryBytesMax) throw new RangeError('too much memory');
  const [count = 0] = new Uint32Array(buffer, at, 1);
  if (count > findingsMax) throw new RangeError('too many findings');
  const numbers = new Uint32Array(buffer, at + 4, count * 3);
  return Array.from({ length: count }, (_, each): Finding => {
    const [start = 0, end = 0, kind = 0] = numbers.subarray(each * 3, each * 3 + 3);
    const found = modelClasses[kind];
    if (found === undefined || end > length || end <= start) throw new RangeError('no finding');
    return { start, end, class: found, rule: 'model' };
  });
}
