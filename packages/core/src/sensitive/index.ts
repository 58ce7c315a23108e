// Captured content travels inside Sensitive<T>: whatever prints, joins or serialises it gets
// "[sensitive]" and nothing else.

const printed = '[sensitive]';
const nodeInspect = Symbol.for('nodejs.util.inspect.custom');

/** Holds captured content. Only `reveal()` gives it back; every printed form is `[sensitive]`. */
export class Sensitive<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  reveal(): T {
    return this.#value;
  }

  map<U>(change: (value: T) => U): Sensitive<U> {
    return new Sensitive(change(this.#value));
  }

  toString(): string {
    return printed;
  }

  toJSON(): string {
    return printed;
  }

  [nodeInspect](): string {
    return printed;
  }
}
