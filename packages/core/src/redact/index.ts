// Finds personal data and secrets in text and replaces them on every surface at once. Pure.
export { apply } from './apply.ts';
export { findInText, textCharsMax } from './find.ts';
export { findAll } from './find-all.ts';
export {
  type Finding,
  type FindingClass,
  findingClasses,
  mergeFindings,
  placeholderOf,
} from './finding.ts';
export type {
  Box,
  FindingSet,
  JointRecord,
  MaskedRecord,
  Surface,
  SurfaceFinding,
} from './joint-record.ts';
export {
  isDrawn,
  layoutGridPixels,
  layoutShades,
  type RgbPixels,
  textWidthPixels,
} from './modes/drawn-layout.ts';
export { disallowedWords, findByRule } from './modes/find-by-rule.ts';
export {
  type RuleOf,
  rulesOf,
  rulesOfCaptured,
  skeletonRule,
  type TextRule,
  textRule,
} from './modes/text-rule.ts';
export { maskedUnit } from './normalise.ts';
export { loadRecogniser, type Recogniser } from './outside/recogniser.ts';
export { type RedactedText, redactText } from './redact-text.ts';
export { isRedacted, type Redacted, redactedValue } from './redacted.ts';
export { type Sources, useRecogniser, useSources } from './sources.ts';
export { loadWords, useWordBytes, wordBytes } from './words/words.ts';
