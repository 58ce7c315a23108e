// A page as the scripted person sees it: places on the screen, and waiting until something is so.
import { HandrailError } from '@handrail/core/errors';
import type { PageOrder, PageState, Rectangle } from './page-state.ts';
import type { Site } from './site.ts';

const waitMsMax = 15_000;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export class Page {
  readonly #site: Site;
  readonly #path: string;

  constructor(site: Site, path: string) {
    this.#site = site;
    this.#path = path;
  }

  /** Waits until the page says that `test` holds. Throws `timeout`, naming `what`. */
  async until(what: string, test: (state: PageState) => boolean): Promise<PageState> {
    const limit = Promise.withResolvers<'late'>();
    const timer = setTimeout(() => limit.resolve('late'), waitMsMax);
    try {
      for (;;) {
        const changed = this.#site.changed();
        const state = this.#site.state(this.#path);
        if (state !== undefined && test(state)) return state;
        if ((await Promise.race([changed, limit.promise])) === 'late') {
          throw new HandrailError('timeout', `The page never showed ${what}.`);
        }
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Where an element lies on the screen. Throws `timeout` when it never shows. */
  async boxOf(id: string): Promise<Rectangle> {
    const shown = (state: PageState) => state.origin !== null && id in state.rectangles;
    const { origin, rectangles } = await this.until(`the element ${id}`, shown);
    const box = rectangles[id];
    if (origin === null || box === undefined) throw new HandrailError('internal', 'No such place.');
    return { ...box, x: box.x + origin.x, y: box.y + origin.y };
  }

  async centreOf(id: string): Promise<Point> {
    const { x, y, width, height } = await this.boxOf(id);
    return { x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
  }

  tell(order: PageOrder): void {
    this.#site.tell(this.#path, order);
  }
}
