// The line between a page's script and the background.
export const portName = 'page';

/** What the background says to a page's script. */
export interface Answer {
  readonly on: boolean;
}
