// What is told of the element that has the focus: its kind and place, never what it holds. Roles
// come from a list, for what a page writes into `role` is the page's own text.
import { browser } from 'wxt/browser';
import type { SeenField } from './message.ts';
import type { SecureFields } from './secure-fields.ts';

const roles: ReadonlySet<string> = new Set(
  `button checkbox combobox gridcell link listbox menuitem option radio searchbox slider spinbutton
  switch tab textbox treeitem`.split(/\s+/),
);
const rolesOfTags: Readonly<Record<string, string>> = {
  a: 'link',
  button: 'button',
  select: 'combobox',
  summary: 'button',
  textarea: 'textbox',
};
const rolesOfInputs: Readonly<Record<string, string>> = {
  button: 'button',
  checkbox: 'checkbox',
  image: 'button',
  number: 'spinbutton',
  radio: 'radio',
  range: 'slider',
  reset: 'button',
  search: 'searchbox',
  submit: 'button',
};

/** Numbers elements for as long as they live. */
export class Fields {
  readonly #ids = new WeakMap<Element, string>();
  readonly #document = crypto.randomUUID();
  readonly #secure: SecureFields;
  #next = 0;

  constructor(secure: SecureFields) {
    this.#secure = secure;
  }

  /** Of the element that keys go to now; null where that cannot be told. */
  focused(): SeenField | null {
    const element = this.#deepest();
    return element ? this.#describe(element) : null;
  }

  #deepest(): Element | undefined {
    let element = document.activeElement;
    for (let inner = rootIn(element); inner; inner = rootIn(element)) {
      this.#secure.watch(inner);
      if (!inner.activeElement) break;
      element = inner.activeElement;
    }
    // Keys in a frame go to another document, which is not watched.
    const isFrame = element instanceof HTMLIFrameElement || element?.tagName === 'FRAME';
    return element && !isFrame ? element : undefined;
  }

  #describe(element: Element): SeenField {
    const { x, y, width, height } = element.getBoundingClientRect();
    const scaled = (value: number) => Math.round(value * devicePixelRatio);
    const editable = isEditable(element);
    const isDocument = element === document.body || element === document.documentElement;
    const plain = isDocument ? 'document' : editable ? 'text' : 'other';
    return {
      id: this.#idOf(element),
      role: isDocument ? 'document' : roleOf(element),
      roleClass: this.#secure.has(element) ? 'password' : plain,
      editable,
      bounds: { x: scaled(x), y: scaled(y), width: scaled(width), height: scaled(height) },
    };
  }

  #idOf(element: Element): string {
    const id = this.#ids.get(element) ?? `${this.#document}-${this.#next++}`;
    this.#ids.set(element, id);
    return id;
  }
}

function rootIn(element: Element | null): ShadowRoot | undefined {
  if (!(element instanceof HTMLElement)) return undefined;
  return browser.dom.openOrClosedShadowRoot(element) ?? undefined;
}

function isEditable(element: Element): boolean {
  if (element instanceof HTMLTextAreaElement) return true;
  if (element instanceof HTMLInputElement) return roleOf(element) === 'textbox' || isTyped(element);
  return element instanceof HTMLElement && element.isContentEditable;
}

function isTyped({ type }: HTMLInputElement): boolean {
  return type === 'number' || type === 'search';
}

function roleOf(element: Element): string {
  const said = element.getAttribute('role')?.trim().toLowerCase() ?? '';
  if (roles.has(said)) return said;
  if (element instanceof HTMLInputElement) return rolesOfInputs[element.type] ?? 'textbox';
  if (element instanceof HTMLElement && element.isContentEditable) return 'textbox';
  return rolesOfTags[element.tagName.toLowerCase()] ?? 'generic';
}
