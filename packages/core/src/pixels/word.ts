// A word as it was read from pixels: what it seems to say, and where it stands.
import type { Box } from '../events/index.ts';

export interface ReadWord {
  readonly text: string;
  /** Pixels of the frame, integers, from its top left corner. */
  readonly box: Box;
  /** Which way a word runs whose line is a column. */
  readonly turned?: 'up' | 'down';
}

/** More than the densest screen shows; beyond it a frame is not looked at. */
export const wordsPerFrameMax = 20_000;
export const wordCharsMax = 1_000;
