// The reducer's key names as X key symbols, which xdotool takes.
import { HandrailError } from '@handrail/core/errors';

const symbols: Readonly<Record<string, string>> = {
  ctrl: 'Control_L',
  shift: 'Shift_L',
  alt: 'Alt_L',
  altgr: 'ISO_Level3_Shift',
  meta: 'Super_L',
  enter: 'Return',
  esc: 'Escape',
  escape: 'Escape',
  tab: 'Tab',
  space: 'space',
  backspace: 'BackSpace',
  delete: 'Delete',
  insert: 'Insert',
  home: 'Home',
  end: 'End',
  page_up: 'Prior',
  page_down: 'Next',
  left: 'Left',
  right: 'Right',
  up: 'Up',
  down: 'Down',
  menu: 'Menu',
  caps_lock: 'Caps_Lock',
  num_lock: 'Num_Lock',
  print_screen: 'Print',
  pause: 'Pause',
};

/** X key symbol of a name such as `ctrl`, `f5`, `a` or `ß`. Throws `input.invalid`. */
export function keySymbol(name: string): string {
  const known = Object.hasOwn(symbols, name) ? symbols[name] : undefined;
  if (known !== undefined) return known;
  if (/^f([1-9]|[12][0-9]|3[0-5])$/.test(name)) return name.toUpperCase();
  const [only, ...more] = [...name];
  if (only !== undefined && more.length === 0) return characterSymbol(only);
  throw new HandrailError('input.invalid', 'The row has a key that cannot be pressed here.');
}

/** Letters and digits name themselves; any other character goes by its code point. */
function characterSymbol(character: string): string {
  if (/^[a-zA-Z0-9]$/.test(character)) return character;
  return `U${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
