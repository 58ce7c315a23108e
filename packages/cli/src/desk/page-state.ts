// What a page of the desk says about itself: where its elements lie and what they hold.
import { z } from 'zod';

const rectangleSchema = z.object({
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
});
export type Rectangle = z.infer<typeof rectangleSchema>;

export const pageStateSchema = z.object({
  page: z.string(),
  /** Where the page's own (0, 0) lies on the screen; known once the pointer was over it. */
  origin: z.object({ x: z.number(), y: z.number() }).nullable(),
  /** The id of the element that has the focus. */
  focus: z.string(),
  /** By element id; of a password field only how many letters it holds. */
  values: z.record(z.string(), z.string()),
  /** By element id, relative to the page. */
  rectangles: z.record(z.string(), rectangleSchema),
  scrolled: z.number(),
  expanded: z.boolean(),
});
export type PageState = z.infer<typeof pageStateSchema>;

/** What the desk tells a page to show; absent: as it is. */
export interface PageOrder {
  readonly title?: string;
  /** The value of `note` in the address. */
  readonly query?: string;
  /** Texts by the id of the element that shows them; an empty one clears it. */
  readonly shown?: Readonly<Record<string, string>>;
  /** What the next Ctrl+C on the page copies. */
  readonly clipboard?: string;
}
