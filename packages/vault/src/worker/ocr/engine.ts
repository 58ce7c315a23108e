// Reading text in pictures: grey pages in, words with boxes out, nothing written anywhere. What
// cannot be read is an error, never an empty page.
import { HandrailError } from '@handrail/core/errors';
import type { ReadWord } from '@handrail/core/pixels';
import { packagedEngine } from './packaged.ts';
import { programEngine } from './program.ts';
import { type OcrSettings, ocrLimits } from './settings.ts';

/** One grey picture, eight bits a pixel, row by row. */
export interface Page {
  readonly width: number;
  readonly height: number;
  readonly grey: Uint8Array;
}

/** `sparse`: texts anywhere on a screen. `block`: one block of lines, which is read otherwise. */
export type Layout = 'sparse' | 'block';

export interface OcrEngine extends AsyncDisposable {
  /** The words of each page, in the page's pixels. Throws `internal`, `timeout`. */
  read(pages: readonly Page[], layout: Layout): Promise<readonly (readonly ReadWord[])[]>;
}

export function openEngine(settings: OcrSettings): OcrEngine {
  if (settings.kind === 'packaged') return packagedEngine(ocrLimits.seconds);
  if (settings.kind === 'program') {
    return programEngine(settings, { ...ocrLimits, ...settings.limits });
  }
  return {
    read: async () => {
      throw new HandrailError('internal', 'Install tesseract-ocr: nothing here reads pictures.');
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}
