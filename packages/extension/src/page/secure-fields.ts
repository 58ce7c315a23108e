// Which fields are never watched: passwords, payment and codes, also those that only were passwords
// before somebody pressed "show". Once such a field, always one.
const secureWords = new RegExp(
  [
    'pass(?:word|wd|code|phrase|key)',
    'passwort|kennwort|contrase|mot.?de.?passe',
    '\\bpwd|\\bpin\\b|\\botp\\b|one.?time|2fa|mfa|secret',
    'card.?(?:num|no|holder)|cc.?(?:num|name|exp|csc)|\\bcv[vc]2?\\b|\\bcsc\\b|security.?code',
    '\\biban\\b|account.?num|routing.?num|sort.?code',
  ].join('|'),
  'i',
);
const secureHints = /^(?:current-password|new-password|one-time-code|cc-[a-z-]+)$/;
const namingAttributes = ['name', 'id', 'aria-label', 'placeholder', 'data-testid'] as const;

export class SecureFields {
  readonly #once = new WeakSet<Element>();
  readonly #watched = new WeakSet<Node>();
  readonly #observer = new MutationObserver((changes) => this.#saw(changes));

  /** Watches the fields of a document or of a shadow tree from now on. */
  watch(root: Document | ShadowRoot): void {
    if (this.#watched.has(root)) return;
    this.#watched.add(root);
    const filter = { attributes: true, attributeOldValue: true, attributeFilter: ['type'] };
    this.#observer.observe(root, { ...filter, childList: true, subtree: true });
    this.#remember(root);
  }

  has(element: Element): boolean {
    this.#saw(this.#observer.takeRecords());
    if (this.#once.has(element)) return true;
    const isSecure = looksSecure(element);
    if (isSecure) this.#once.add(element);
    return isSecure;
  }

  #saw(changes: readonly MutationRecord[]): void {
    for (const { type, target, oldValue, addedNodes } of changes) {
      if (type === 'attributes' && target instanceof Element) {
        if (oldValue?.toLowerCase() === 'password' || isPassword(target)) this.#once.add(target);
      }
      for (const node of addedNodes) if (node instanceof Element) this.#remember(node);
    }
  }

  #remember(root: Document | ShadowRoot | Element): void {
    if (root instanceof Element && isPassword(root)) this.#once.add(root);
    for (const field of root.querySelectorAll('input[type=password i]')) this.#once.add(field);
  }
}

function isPassword(element: Element): boolean {
  return element instanceof HTMLInputElement && element.type === 'password';
}

function looksSecure(element: Element): boolean {
  if (isPassword(element)) return true;
  const hints = (element.getAttribute('autocomplete') ?? '').toLowerCase().split(/\s+/);
  if (hints.some((hint) => secureHints.test(hint))) return true;
  if (getComputedStyle(element).getPropertyValue('-webkit-text-security') !== 'none') return true;
  const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
  const names = namingAttributes.map((name) => element.getAttribute(name) ?? '');
  const said = [...names, ...labels.map((label) => label.textContent ?? '')];
  return said.some((text) => secureWords.test(text.slice(0, 200)));
}
