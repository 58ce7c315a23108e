export { decodeContent, encodeContent } from './codec.ts';
export * from './content.ts';
export { decodeHeader, type SegmentHeader, segmentHeaderSchema } from './header.ts';
export { unpad } from './padding.ts';
export {
  parseSealed,
  type SealedSegment,
  sealedBytesMax,
  sealSegment,
  verifySealed,
} from './sealed.ts';
