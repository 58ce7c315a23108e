// What redacting one segment goes by, and the reasons for which it stops.
import type { KnownValues } from '@handrail/core/pixels';
import type { RuleOf } from '@handrail/core/redact';
import type { OcrEngine } from '../ocr/engine.ts';

/** Content-free: why a segment waits for its participant. */
export type PixelReason =
  /** An image is damaged, of another size or kind, or too large. */
  | 'image.broken'
  /** A context of which no pixel may be kept shows more than a drawing. */
  | 'mode.pixels'
  /** The device left text that the mode of its context takes out, and frames came with it. */
  | 'redaction.late'
  /** What the device says it filled is not black. */
  | 'pixels.not-filled'
  /** Nothing here reads pictures, or what does failed twice. */
  | 'pixels.unread'
  /** More was found than can be kept apart. */
  | 'pixels.too-much'
  /** Masking left something: seen by a second reading, or by the pixels themselves. */
  | 'pixels.survivor';

export interface Redacting {
  readonly engine: OcrEngine;
  /** What the modes of the contexts let stand. */
  readonly ruleOf: RuleOf;
  /** Of the session so far; it grows. */
  readonly known: KnownValues;
  /**
   * The owner looked at the segment and let it go: what can be masked is masked, frames that are
   * broken are left out, and nothing stops it any more.
   */
  readonly isReleased: boolean;
}
