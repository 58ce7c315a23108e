// Who read my data: what an opening's entries commit to, and how the participant concerned finds
// and checks them without asking anybody.
export {
  isAbout,
  isCommitted,
  openingBoxBytesMax,
  openingBoxName,
  readTelling,
  sealTelling,
  type Telling,
  telling,
  tellingSchema,
} from './box.ts';
export { type OpenedBy, type Opening, type OpeningPart, openedBySchema } from './opening.ts';
export { type PartsTree, partsTree, type SaltedPart } from './parts.ts';
export { readTagKey, sealTagKey, type TagKey, type TagKeyOwner, tagKeySchema } from './tag-key.ts';
export { openingTag, type TagScan, tagGapMax, tagScan, tagWindow } from './tag-scan.ts';
