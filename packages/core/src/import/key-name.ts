// Recorders built on pynput name keys in several ways. Here each becomes one character, or one
// lower-case name; sides of modifiers and brands of the meta key are folded.

const synonyms: Readonly<Record<string, string>> = {
  control: 'ctrl',
  ctrl_l: 'ctrl',
  ctrl_r: 'ctrl',
  ctrlleft: 'ctrl',
  ctrlright: 'ctrl',
  shift_l: 'shift',
  shift_r: 'shift',
  shiftleft: 'shift',
  shiftright: 'shift',
  alt_l: 'alt',
  alt_r: 'alt',
  altleft: 'alt',
  altright: 'alt',
  option: 'alt',
  option_l: 'alt',
  option_r: 'alt',
  optionleft: 'alt',
  optionright: 'alt',
  alt_gr: 'altgr',
  cmd: 'meta',
  cmd_l: 'meta',
  cmd_r: 'meta',
  command: 'meta',
  meta_l: 'meta',
  meta_r: 'meta',
  super: 'meta',
  super_l: 'meta',
  super_r: 'meta',
  win: 'meta',
  windows: 'meta',
  winleft: 'meta',
  winright: 'meta',
  return: 'enter',
  escape: 'esc',
  del: 'delete',
};

/**
 * The reducer's name for a key, or undefined where the recorder did not know it. `name` is the
 * field of both formats, `pynputKey` the `str(key)` that only AgentNet's tool writes: `'a'`,
 * `Key.enter` or `<65437>`.
 */
export function keyName(name: unknown, pynputKey?: unknown): string | undefined {
  const raw = typeof pynputKey === 'string' ? pynputKey : '';
  if (typeof name === 'string' && name !== '' && !name.startsWith('$Unknown')) {
    return fold(name, raw);
  }
  if (raw.startsWith('Key.')) return fold(raw, '');
  const quoted = /^(['"])(.)\1$/su.exec(raw)?.[2];
  return quoted === undefined ? keypadName(raw) : fold(quoted, '');
}

function fold(name: string, raw: string): string | undefined {
  if ([...name].length === 1) return character(name, raw);
  const bare = /^'(.)'$/su.exec(name)?.[1];
  if (bare !== undefined) return character(bare, raw);
  const lower = name
    .replace(/^Key\./u, '')
    .toLowerCase()
    .replaceAll(' ', '_');
  return lower.length > keyNameCharsMax
    ? undefined
    : Object.hasOwn(synonyms, lower)
      ? synonyms[lower]
      : lower;
}

/** Longest name of a key; `media_volume_mute` is the longest that pynput has. */
const keyNameCharsMax = 40;

/** With Ctrl held some systems report a control character, or the capital of its letter. */
function character(name: string, raw: string): string {
  const code = name.charCodeAt(0);
  if (name === ' ') return 'space';
  if (code === 0x7f) return 'backspace';
  if (code < 0x20) return String.fromCharCode(code + 64).toLowerCase();
  const unshifted = raw.startsWith('<') || raw.startsWith("'\\x");
  return unshifted ? name.toLowerCase() : name;
}

/** X11 key symbols of the numeric pad, which pynput leaves as numbers. */
function keypadName(raw: string): string | undefined {
  const symbol = Number(/^<(\d{5})>$/u.exec(raw)?.[1] ?? Number.NaN);
  if (symbol >= 65_456 && symbol <= 65_465) return String(symbol - 65_456);
  return keypad.get(symbol);
}

const keypad: ReadonlyMap<number, string> = new Map([
  [65_421, 'enter'],
  [65_429, 'home'],
  [65_430, 'left'],
  [65_431, 'up'],
  [65_432, 'right'],
  [65_433, 'down'],
  [65_434, 'page_up'],
  [65_435, 'page_down'],
  [65_436, 'end'],
  [65_438, 'insert'],
  [65_439, 'delete'],
  [65_450, '*'],
  [65_451, '+'],
  [65_453, '-'],
  [65_454, '.'],
  [65_455, '/'],
]);
