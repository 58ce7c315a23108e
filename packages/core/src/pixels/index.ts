// What can be read in pixels: words become lines, lines findings, findings boxes to fill. Pure.
export { centreIn, type Fill, outsideFrame, paintable, usable, withMargin } from './boxes.ts';
export { findKnown, placesOf, signsInValue } from './find-known.ts';
export { findOnScreen, type ScreenFindings, type ShownFrame } from './find-on-screen.ts';
export { KnownValues, knownValuesMax } from './known-values.ts';
export { type ContextArea, type UnlistedWord, unlistedWords } from './unlisted-words.ts';
export { type ReadWord, wordCharsMax, wordsPerFrameMax } from './word.ts';
