// The ways by which a value reaches the screen or the keyboard, and what each can carry.

export const inlets = [
  ...(['typed', 'pasted', 'visible-text', 'attribute', 'accessibility-value', 'image'] as const),
  ...(['title', 'url', 'password', 'blocked-window'] as const),
] as const;
export type Inlet = (typeof inlets)[number];

export interface InletFacts {
  /** Nothing that comes this way may be kept, whatever it is. */
  readonly neverKept: boolean;
  /** Longer values would not be seen whole there. */
  readonly lettersMax: number;
  /** Several lines can be one value. */
  readonly lines: boolean;
  /** Goes through the keyboard, whose layout has no accents. */
  readonly byKeyboard: boolean;
  /** Its part of all that is planted. */
  readonly weight: number;
}

const onPage = { neverKept: false, lines: false, byKeyboard: false, weight: 1 } as const;
const never = { neverKept: true, lines: false, weight: 1 } as const;

export const inletFacts: Readonly<Record<Inlet, InletFacts>> = {
  typed: { neverKept: false, lettersMax: 200, lines: true, byKeyboard: true, weight: 3 },
  pasted: { neverKept: false, lettersMax: 200, lines: true, byKeyboard: false, weight: 2 },
  'visible-text': { ...onPage, lettersMax: 76 },
  attribute: { ...onPage, lettersMax: 44 },
  'accessibility-value': { ...onPage, lettersMax: 44 },
  image: { ...onPage, lettersMax: 50 },
  title: { ...never, lettersMax: 22, byKeyboard: false },
  url: { ...never, lettersMax: 50, byKeyboard: false },
  password: { ...never, lettersMax: 60, byKeyboard: true },
  'blocked-window': { ...never, lettersMax: 50, byKeyboard: true },
};
