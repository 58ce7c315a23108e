// The pages that are watched: only top documents of origins that the manifest names, as the browser
// itself tells them. What they say becomes observations of one screen: the page in front.

import { DesktopMap } from '@handrail/core/gate';
import type { FocusedField, Observation } from '@handrail/core/observation';
import { Sensitive } from '@handrail/core/sensitive';
import { type Browser, browser } from 'wxt/browser';
import { messageSchema, type Seen } from '../page/message.ts';
import { type Answer, portName } from '../page/port.ts';

const lateMsMax = 5_000;

interface Page {
  readonly port: Browser.runtime.Port;
  readonly tab: number;
  readonly origin: string;
}

export interface PagesParts {
  /** The browser's name in manifests, such as `chromium`. */
  readonly app: string;
  readonly clock: () => number;
  readonly contextOf: (origin: string) => number | undefined;
  readonly isOn: () => boolean;
  readonly onSeen: (observation: Observation) => void;
  readonly onMap: (atMs: number, map: DesktopMap) => void;
}

export class Pages {
  readonly #parts: PagesParts;
  readonly #pages = new Set<Page>();
  #front: Page | undefined;
  #displayEpoch = 0;

  constructor(parts: PagesParts) {
    this.#parts = parts;
  }

  connect(port: Browser.runtime.Port): void {
    const { tab, origin, frameId, id } = port.sender ?? {};
    const isPage = port.name === portName && id === browser.runtime.id && frameId === 0;
    if (!isPage || tab?.id === undefined || tab.incognito || !origin) {
      port.disconnect();
      return;
    }
    const page: Page = { port, tab: tab.id, origin };
    this.#pages.add(page);
    port.onMessage.addListener((message: unknown) => this.#take(page, message));
    port.onDisconnect.addListener(() => {
      this.#pages.delete(page);
      if (this.#front === page) this.#leave(this.#parts.clock());
    });
    this.#answer(page);
  }

  /** What holds has changed: pages begin or stop, and begin by saying where they are. */
  answerAll(): void {
    this.#front = undefined;
    for (const page of this.#pages) this.#answer(page);
  }

  #answer({ port, origin }: Page): void {
    const on = this.#parts.isOn() && this.#parts.contextOf(origin) !== undefined;
    port.postMessage({ on } satisfies Answer);
  }

  #take(page: Page, message: unknown): void {
    const parsed = messageSchema.safeParse(message);
    const context = this.#parts.contextOf(page.origin);
    if (!parsed.success || !this.#parts.isOn() || context === undefined) return;
    for (const seen of parsed.data) this.#see(page, context, seen);
  }

  #see(page: Page, context: number, seen: Seen): void {
    const nowMs = this.#parts.clock();
    const atMs = Math.min(nowMs, Math.max(nowMs - lateMsMax, seen.at));
    if (seen.kind === 'view') this.#show(page, context, seen, atMs);
    // A page that has not said how large it is has no place for what it says.
    else if (this.#front !== page) return;
    else if (seen.kind === 'away') this.#leave(atMs);
    else this.#parts.onSeen(observed(page, seen, atMs));
  }

  #show(
    page: Page,
    context: number,
    { width, height, scale }: Extract<Seen, { kind: 'view' }>,
    atMs: number,
  ): void {
    this.#front = page;
    this.#displayEpoch += 1;
    const area = { x: 0, y: 0, width, height };
    const { tab } = page;
    const window = { id: tab, app: this.#parts.app, title: new Sensitive(''), pid: tab };
    const epoch = this.#displayEpoch;
    this.#parts.onSeen({ kind: 'display', atMs, epoch, width, height, scale, screens: [area] });
    this.#parts.onMap(
      atMs,
      new DesktopMap([{ id: tab, bounds: area, allowed: { context, area } }]),
    );
    this.#parts.onSeen({ kind: 'window', atMs, window: { ...window, bounds: area } });
  }

  #leave(atMs: number): void {
    this.#front = undefined;
    this.#parts.onSeen({ kind: 'focus', atMs, focus: undefined });
    this.#parts.onSeen({ kind: 'window', atMs, window: undefined });
  }
}

function observed(
  { tab, origin }: Page,
  seen: Exclude<Seen, { kind: 'view' | 'away' }>,
  atMs: number,
): Observation {
  const recorded = { atMs, serverTime: 0, injected: false } as const;
  switch (seen.kind) {
    case 'focus': {
      if (!seen.field) return { kind: 'focus', atMs, focus: undefined };
      const { id, ...field } = seen.field;
      const place = { fieldId: id, pid: tab, app: 'page', documentOrigin: origin };
      const focus: FocusedField = { ...field, ...place };
      return { kind: 'focus', atMs, focus };
    }
    case 'key': {
      const { name, down, repeat, modifiers } = seen;
      const text = seen.text ?? undefined;
      const code = { keycode: seen.code, keysym: 0 };
      return { kind: 'key', ...recorded, ...code, text, name, down, repeat, modifiers };
    }
    case 'move':
      return { kind: 'move', ...recorded, x: seen.x, y: seen.y };
    case 'button': {
      const { x, y, button, down, modifiers } = seen;
      return { kind: 'button', ...recorded, x, y, button, down, modifiers };
    }
    case 'scroll': {
      const { x, y, dx, dy, modifiers } = seen;
      return { kind: 'scroll', ...recorded, x, y, dx, dy, modifiers };
    }
  }
}
