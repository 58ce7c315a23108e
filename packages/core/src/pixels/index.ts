// What can be read in pixels: words become lines, lines findings, findings boxes to fill. Pure.
export { type Fill, outsideFrame, paintable, usable, withMargin } from './boxes.ts';
export { findOnScreen, type ScreenFindings, type ShownFrame } from './find-on-screen.ts';
export { KnownValues, knownValuesMax } from './known-values.ts';
export { type ContextArea, unlistedWords } from './unlisted-words.ts';
export { type ReadWord, wordCharsMax, wordsPerFrameMax } from './word.ts';
