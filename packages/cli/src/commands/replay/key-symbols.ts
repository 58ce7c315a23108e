// The reducer's key names as X key symbols, which xdotool takes.

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
  scroll_lock: 'Scroll_Lock',
  compose: 'Multi_key',
};

/** X key symbol of a name such as `ctrl`, `f5`, `a` or `ß`; undefined where X has no such key. */
export function keySymbol(name: string): string | undefined {
  const known = Object.hasOwn(symbols, name) ? symbols[name] : undefined;
  if (known !== undefined) return known;
  if (/^f([1-9]|[12][0-9]|3[0-5])$/.test(name)) return name.toUpperCase();
  const number = /^keysym-([0-9a-f]{1,8})$/.exec(name)?.[1];
  if (number !== undefined) return `0x${number}`;
  const [only, ...more] = [...name];
  return only !== undefined && more.length === 0 ? characterSymbol(only) : undefined;
}

/** Letters and digits name themselves; any other character goes by its code point. */
function characterSymbol(character: string): string {
  if (/^[a-zA-Z0-9]$/.test(character)) return character;
  return `U${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
