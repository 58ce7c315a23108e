// What a keysym writes and what its key is called. Latin-1, Unicode keysyms and the older sets of
// the X keysym list are known; dead keys and Compose write nothing here, as nothing is composed.
import x11 from 'x11';

const specialNames: Readonly<Record<number, string>> = {
  32: 'space',
  65027: 'altgr',
  65056: 'tab',
  65288: 'backspace',
  65289: 'tab',
  65293: 'enter',
  65299: 'pause',
  65300: 'scroll_lock',
  65307: 'esc',
  65312: 'compose',
  65360: 'home',
  65361: 'left',
  65362: 'up',
  65363: 'right',
  65364: 'down',
  65365: 'page_up',
  65366: 'page_down',
  65367: 'end',
  65377: 'print_screen',
  65379: 'insert',
  65383: 'menu',
  65406: 'altgr',
  65407: 'num_lock',
  65421: 'enter',
  65429: 'home',
  65430: 'left',
  65431: 'up',
  65432: 'right',
  65433: 'down',
  65434: 'page_up',
  65435: 'page_down',
  65436: 'end',
  65438: 'insert',
  65439: 'delete',
  65505: 'shift',
  65506: 'shift',
  65507: 'ctrl',
  65508: 'ctrl',
  65509: 'caps_lock',
  65511: 'meta',
  65512: 'meta',
  65513: 'alt',
  65514: 'alt',
  65515: 'meta',
  65516: 'meta',
  65535: 'delete',
};

let olderSets: ReadonlyMap<number, string> | undefined;

/** The character a keysym writes, or undefined. */
export function textOfKeysym(keysym: number): string | undefined {
  if ((keysym >= 0x20 && keysym <= 0x7e) || (keysym >= 0xa0 && keysym <= 0xff)) {
    return String.fromCharCode(keysym);
  }
  if (keysym >= 0x0100_0100 && keysym <= 0x0110_ffff) {
    return String.fromCodePoint(keysym - 0x0100_0000);
  }
  if (keysym >= 0xffaa && keysym <= 0xffb9) return String.fromCharCode(keysym - 0xff80);
  if (keysym === 0xffbd) return '=';
  olderSets ??= readOlderSets();
  return olderSets.get(keysym);
}

/** Lower-case name of the key whose unmodified keysym this is; never empty. */
export function nameOfKeysym(keysym: number): string {
  const special = specialNames[keysym];
  if (special) return special;
  if (keysym >= 0xffbe && keysym <= 0xffe0) return `f${keysym - 0xffbd}`;
  return textOfKeysym(keysym)?.toLowerCase() ?? `keysym-${keysym.toString(16)}`;
}

/** Latin-2 to Hebrew and the currency signs: the package lists their characters in parentheses. */
function readOlderSets(): ReadonlyMap<number, string> {
  const texts = new Map<number, string>();
  for (const { code, description } of Object.values(x11.keySyms)) {
    const character = /^\((.)\)/u.exec(description ?? '')?.[1];
    if (character && code > 0xff && code < 0xfd00) texts.set(code, character);
  }
  return texts;
}
