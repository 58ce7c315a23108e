// What the reducer reads: raw input as it happened, in the order of the log. Sources map their own
// names to these once, so that a rule is written once for every recorder.

export type MouseButton = 'left' | 'right' | 'middle' | 'back' | 'forward';

interface At {
  /** Seconds, as in the log. */
  readonly at: number;
  /** Zero-based line or event number, which actions cite as their provenance. */
  readonly index: number;
}

export interface MoveEvent extends At {
  readonly kind: 'move';
  /** Integer pixels, as for every coordinate here. */
  readonly x: number;
  readonly y: number;
}

export interface ButtonEvent extends At {
  readonly kind: 'button';
  readonly button: MouseButton;
  readonly down: boolean;
  readonly x: number;
  readonly y: number;
}

export interface ScrollEvent extends At {
  readonly kind: 'scroll';
  /** Wheel steps, with the log's sign. */
  readonly dx: number;
  readonly dy: number;
  readonly x: number;
  readonly y: number;
}

/** `key` is one character, or a lower-case name: `enter`, `f5`, `ctrl`, `shift`, `alt`, `meta`. */
export interface KeyEvent extends At {
  readonly kind: 'key';
  readonly key: string;
  readonly down: boolean;
}

/** A typed run that the device has assembled and redacted already; it becomes one action. */
export interface RunEvent extends At {
  readonly kind: 'run';
  readonly text: string;
  readonly endedAt: number;
  /** How many key events it stands for. */
  readonly keyCount: number;
  readonly field?: string;
}

/** Where input cannot run on: other field or window, a hole in the log, another display layout. */
export interface BoundaryEvent extends At {
  readonly kind: 'focus' | 'window' | 'gap' | 'display';
}

export type PointerEvent = MoveEvent | ButtonEvent;
export type InputEvent = PointerEvent | ScrollEvent | KeyEvent | RunEvent | BoundaryEvent;
