// Watches one page of an origin that the manifest names, while the background says so. What goes to
// a secure field is not told at all, not even that a key was pressed.
import { type Browser, browser } from 'wxt/browser';
import { Fields } from './fields.ts';
import { seenKey, seenPointer, seenWheel, timeOf } from './input.ts';
import type { Seen, SeenField } from './message.ts';
import { type Answer, portName } from './port.ts';
import { SecureFields } from './secure-fields.ts';

export function watchPage(): void {
  const secure = new SecureFields();
  secure.watch(document);
  const page = new Page(new Fields(secure));
  page.connect();
  const listen = (target: EventTarget, kind: string, take: (event: Event) => unknown) => {
    const options = { capture: true, passive: true };
    target.addEventListener(kind, (event) => event.isTrusted && take(event), options);
  };
  for (const kind of ['keydown', 'keyup']) {
    listen(window, kind, (event) => page.key(event as KeyboardEvent));
  }
  for (const kind of ['pointerdown', 'pointerup', 'pointermove']) {
    listen(window, kind, (event) => page.pointer(event as PointerEvent));
  }
  listen(window, 'wheel', (event) => page.wheel(event as WheelEvent));
  for (const kind of ['focusin', 'focusout']) listen(window, kind, (event) => page.focus(event));
  // Fields tell their own through here as well.
  const isWindow = ({ target }: Event) => target === window;
  listen(window, 'blur', (event) => isWindow(event) && page.away(event));
  listen(window, 'focus', (event) => isWindow(event) && page.focus(event));
  listen(window, 'resize', (event) => page.view(event));
  listen(document, 'visibilitychange', (event) => page.away(event));
}

class Page {
  readonly #fields: Fields;
  #port: Browser.runtime.Port | undefined;
  #isOn = false;
  #told: string | undefined;

  constructor(fields: Fields) {
    this.#fields = fields;
  }

  /** Until the background has answered nothing is told. It ends when nothing happens for long. */
  connect(): void {
    if (this.#port || !browser.runtime?.id) return;
    const port = browser.runtime.connect({ name: portName });
    this.#port = port;
    port.onMessage.addListener(({ on }: Answer) => {
      this.#isOn = on;
      this.#told = undefined;
      if (on) this.view({ timeStamp: performance.now() });
    });
    port.onDisconnect.addListener(() => {
      this.#isOn = false;
      this.#port = undefined;
    });
  }

  key(event: KeyboardEvent): void {
    this.connect();
    if (!this.#isOn) return;
    const field = this.#fields.focused();
    this.#tellFocus(event, field);
    if (field?.roleClass !== 'password') this.#tell(seenKey(event));
  }

  pointer(event: PointerEvent): void {
    this.connect();
    // Moves matter while something is dragged; all others would be most of what there is.
    if (event.type === 'pointermove' && event.buttons === 0) return;
    this.#tell(seenPointer(event));
  }

  wheel(event: WheelEvent): void {
    this.#tell(seenWheel(event));
  }

  focus(event: Pick<Event, 'timeStamp'>): void {
    if (this.#isOn && document.hasFocus()) this.#tellFocus(event, this.#fields.focused());
  }

  away(event: Pick<Event, 'timeStamp'>): void {
    if (document.hasFocus() && document.visibilityState === 'visible') {
      this.view(event);
      return;
    }
    this.#told = undefined;
    this.#tell({ kind: 'away', at: timeOf(event) });
  }

  view(event: Pick<Event, 'timeStamp'>): void {
    if (!document.hasFocus()) return;
    const scaled = (value: number) => Math.max(1, Math.round(value * devicePixelRatio));
    const size = { width: scaled(innerWidth), height: scaled(innerHeight) };
    this.#tell({ kind: 'view', at: timeOf(event), ...size, scale: devicePixelRatio });
    this.#told = undefined;
    this.focus(event);
  }

  #tellFocus(event: Pick<Event, 'timeStamp'>, field: SeenField | null): void {
    const said = JSON.stringify(field);
    if (said === this.#told) return;
    this.#told = said;
    this.#tell({ kind: 'focus', at: timeOf(event), field });
  }

  #tell(seen: Seen | undefined): void {
    if (this.#isOn && seen) this.#port?.postMessage([seen]);
  }
}
