// What a screen shows and what a person does, as raw observations in memory. Whoever observes
// decides nothing, keeps nothing and writes nothing. The gate is the one consumer.
import type { Sensitive } from '../sensitive/index.ts';

/** Root-relative integer pixels of the display epoch in which they were seen. */
export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Modifier = 'shift' | 'ctrl' | 'alt' | 'meta';
export type PointerButton = 'left' | 'middle' | 'right' | 'back' | 'forward';

/** `atMs` is milliseconds on the agent's one monotonic clock. */
interface Observed {
  readonly atMs: number;
}

/** From RECORD: also the X server's own time in milliseconds, a uint32 that wraps. */
interface Recorded extends Observed {
  readonly serverTime: number;
  /** Made by a program through XTEST, not by a person's hand. */
  readonly injected: boolean;
}

export interface KeyObservation extends Recorded {
  readonly kind: 'key';
  readonly keycode: number;
  readonly keysym: number;
  /** What the key types under its modifiers and layout; undefined when it types nothing. */
  readonly text: string | undefined;
  /** Lower case, without modifiers: `a`, `enter`, `ctrl`, `f5`, `left`. */
  readonly name: string;
  readonly down: boolean;
  /** Held before this event. */
  readonly modifiers: readonly Modifier[];
  readonly repeat: boolean;
}

export interface MoveObservation extends Recorded {
  readonly kind: 'move';
  readonly x: number;
  readonly y: number;
}

export interface ButtonObservation extends Recorded {
  readonly kind: 'button';
  readonly button: PointerButton;
  readonly down: boolean;
  readonly x: number;
  readonly y: number;
  readonly modifiers: readonly Modifier[];
}

/** One wheel step: up is dy +1, right is dx +1. */
export interface ScrollObservation extends Recorded {
  readonly kind: 'scroll';
  readonly dx: number;
  readonly dy: number;
  readonly x: number;
  readonly y: number;
  readonly modifiers: readonly Modifier[];
}

/** An application's window. The title is captured content. */
export interface ActiveWindow {
  readonly id: number;
  /** Class part of WM_CLASS in lower case; empty when the window has none. */
  readonly app: string;
  readonly title: Sensitive<string>;
  readonly pid: number | undefined;
  /** With the window manager's decorations. */
  readonly bounds: Bounds;
}

export interface WindowObservation extends Observed {
  readonly kind: 'window';
  readonly window: ActiveWindow | undefined;
}

export type RoleClass = 'text' | 'password' | 'terminal' | 'document' | 'other';

export interface FocusedField {
  /** AT-SPI role name such as `entry`, `password text`, `terminal`. */
  readonly role: string;
  readonly roleClass: RoleClass;
  readonly editable: boolean;
  readonly bounds: Bounds | undefined;
  /** Stable for the life of the object: bus name and path. Opaque. */
  readonly fieldId: string;
  readonly pid: number | undefined;
  /** The application's accessible name in lower case. */
  readonly app: string;
  /** Scheme, host and port of the web page that holds the field, when there is one. */
  readonly documentOrigin?: string;
  readonly documentUri?: Sensitive<string>;
}

export interface FocusObservation extends Observed {
  readonly kind: 'focus';
  /** Undefined when nothing is focused or the focus cannot be read. */
  readonly focus: FocusedField | undefined;
}

export interface DisplayObservation extends Observed {
  readonly kind: 'display';
  /** Counts from 1; coordinates of different epochs are never mixed. */
  readonly epoch: number;
  readonly width: number;
  readonly height: number;
  /** Pixels of a unit that programs place things by. */
  readonly scale: number;
  readonly screens: readonly Bounds[];
}

/** Something on the screen changed; no more than one is under way at a time. */
export interface DamageObservation extends Observed {
  readonly kind: 'damage';
}

/** The source ended by itself: nothing that it said before still holds. */
export interface GoneObservation extends Observed {
  readonly kind: 'gone';
  readonly reason: 'display' | 'accessibility' | 'record';
}

export type Observation =
  | KeyObservation
  | MoveObservation
  | ButtonObservation
  | ScrollObservation
  | WindowObservation
  | FocusObservation
  | DisplayObservation
  | DamageObservation
  | GoneObservation;

/** Milliseconds on one monotonic clock, handed in by the composition root. */
export type Clock = () => number;

/** Something with a place that carries text, can be typed into or is an image. */
export interface StructureNode {
  readonly nodeId: string;
  readonly role: string;
  readonly roleClass: RoleClass;
  readonly text: Sensitive<string>;
  readonly bounds: Bounds;
  readonly editable: boolean;
  readonly focused: boolean;
}
