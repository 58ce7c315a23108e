// Segments: what a device seals, its content, header and frame.
export { decodeContent, encodeContent } from './codec.ts';
export * from './content.ts';
export { decodeHeader, type SegmentHeader, segmentHeaderSchema } from './header.ts';
export { maskedKey, maskKeys } from './mask-keys.ts';
export { unpad } from './padding.ts';
export {
  parseSealed,
  parseSigned,
  type SealedSegment,
  sealedBytesMax,
  sealSegment,
  verifySealed,
} from './sealed.ts';
export { coarseKeyCount, eventOfSurface, textSurfaces, withContexts, withTexts } from './texts.ts';
export { type SegmentFacts, segmentFactsSchema } from './view.ts';
