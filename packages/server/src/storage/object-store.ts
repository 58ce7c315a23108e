// Where ciphertext lies. An object is created once, whole and durable, and never replaced.
import { HandrailError } from '@handrail/core/errors';

/** `created`: stored now and durable. `exists`: the key was taken; nothing was written. */
export type PutOutcome = 'created' | 'exists';

export interface ObjectStore {
  /** Durable when it returns. Throws `storage.full`, `storage.broken`, `input.invalid`. */
  put(key: string, bytes: Uint8Array): Promise<PutOutcome>;
  /** Undefined when there is no such object. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Nothing happens when there is no such object. */
  delete(key: string): Promise<void>;
  /** All keys that begin with `prefix`, which ends in a slash. In no order. */
  list(prefix: string): AsyncIterable<string>;
}

export const keyLettersMax = 200;
const keyPattern = /^[a-z]+(\/[A-Za-z0-9_][A-Za-z0-9_.-]*){1,3}$/;

/** Throws `input.invalid` for anything that is no plain key such as `segments/seg_x`. */
export function requireKey(key: string): string {
  if (key.length <= keyLettersMax && keyPattern.test(key)) return key;
  throw new HandrailError('input.invalid', 'Give an object key such as trajectories/ID.');
}

/** Throws `input.invalid` for anything but a folder of keys such as `segments/`. */
export function requirePrefix(prefix: string): string {
  if (prefix.endsWith('/')) {
    const folder = prefix.slice(0, -1);
    if (/^[a-z]+$/.test(folder)) return prefix;
    return `${requireKey(folder)}/`;
  }
  throw new HandrailError('input.invalid', 'Give a prefix that ends in a slash.');
}
