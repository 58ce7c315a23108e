// Takes apart what came from outside: CBOR, deflate and shapes, each within a stated limit.
import { decode } from 'cborg';
import { Inflate } from 'fflate';
import type { z } from 'zod';
import { HandrailError } from '../errors/index.ts';

const stepBytes = 16_384;

/** Throws `format.unknown` for anything but one strict CBOR item. `what` is for messages. */
export function fromCbor(what: string, bytes: Uint8Array): unknown {
  try {
    return decode(bytes, { strict: true, rejectDuplicateMapKeys: true });
  } catch (cause) {
    throw new HandrailError('format.unknown', `The ${what} is not valid CBOR.`, { cause });
  }
}

/** `value` once it has the form of `schema`. Throws `input.invalid`, without naming content. */
export function shaped<S extends z.ZodType>(what: string, schema: S, value: unknown): z.infer<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new HandrailError('input.invalid', `The ${what} has fields of the wrong form.`);
}

/** Inflates to at most `bytesMax`. Throws `format.truncated` or `input.too-large`. */
export function inflateWithin(what: string, packed: Uint8Array, bytesMax: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  const inflate = new Inflate((part, final) => {
    length += part.length;
    if (length > bytesMax) throw tooLarge(what);
    parts.push(part);
    ended = final;
  });
  try {
    for (let at = 0; at < packed.length; at += stepBytes) {
      inflate.push(packed.subarray(at, at + stepBytes), at + stepBytes >= packed.length);
    }
  } catch (cause) {
    if (cause instanceof HandrailError) throw cause;
    throw new HandrailError('format.truncated', `The ${what} does not inflate.`, { cause });
  }
  if (!ended) throw new HandrailError('format.truncated', `The ${what} ends too early.`);
  return joined(parts, length);
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function tooLarge(what: string): HandrailError {
  return new HandrailError('input.too-large', `The ${what} inflates to more than its limit.`);
}
