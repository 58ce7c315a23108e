// Redacted<T> is proof that text went through this module: nothing else can make one, sinks take
// nothing else, and whatever prints one gets no content.

class RedactedValue<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  static read<T>(redacted: RedactedValue<T>): T {
    return redacted.#value;
  }

  static is(value: unknown): value is RedactedValue<unknown> {
    return typeof value === 'object' && value !== null && #value in value;
  }

  toString(): string {
    return '[redacted]';
  }

  toJSON(): string {
    return '[redacted]';
  }
}

/** Redacted content. Made by `apply` and `redactText` only; read with `redactedValue`. */
export type Redacted<T> = RedactedValue<T>;

/** For this folder only; the face does not pass it on. */
export function markRedacted<T>(value: T): Redacted<T> {
  return new RedactedValue(value);
}

/** The content, for codecs and sinks. Throws a TypeError for a look-alike. */
export function redactedValue<T>(redacted: Redacted<T>): T {
  return RedactedValue.read(redacted);
}

/** True for what this module made, false for look-alikes. */
export function isRedacted(value: unknown): value is Redacted<unknown> {
  return RedactedValue.is(value);
}
