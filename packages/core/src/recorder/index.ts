// From observations to drafts of segments: hold, judge, write down, redact.
export { type ContentParts, contentOf } from './content.ts';
export { cutOf } from './cut.ts';
export { Draft, draftSecondsMax, imageBytesMax } from './draft.ts';
export type { FinishedDraft } from './drafting.ts';
export type { EncodeImage } from './frame-ring.ts';
export { type JoinedText, joined, joinedRows, onParts } from './joined.ts';
export { type FilledBox, hasDrawing, type KeptFrame, type ShownField } from './kept-frame.ts';
export type { DesktopView, MaskedFrame } from './masked-frame.ts';
export { Recorder, type RecorderParts } from './recorder.ts';
export { type RedactedTexts, redactDraft } from './redact-draft.ts';
export { Typing } from './typing.ts';
