// The ledger: a C2SP tlog-tiles log whose entries hold no personal data, its proofs, checkpoints
// and witnesses, and what everyone needs to check it without trusting who keeps it.
export {
  appendEntries,
  appendEntriesMax,
  emptyEdge,
  type Growth,
  type LedgerFile,
  type LogEdge,
  readEdge,
} from './append.ts';
export { type IndexedEntry, readEntries } from './bundle-reader.ts';
export {
  type Checkpoint,
  type CheckpointRefusal,
  type CheckpointVerdict,
  type Cosignature,
  type CosignedWithin,
  cosign,
  formatCheckpoint,
  parseCheckpoint,
  signCheckpoint,
  verifyCheckpoint,
} from './checkpoint.ts';
export {
  type Advance,
  type AdvanceRefusal,
  advance,
  checkEntry,
  checkpointPath,
  type Following,
  follow,
  type LedgerTrust,
} from './client.ts';
export {
  decodeEntry,
  type EntryKind,
  encodeEntry,
  entryBytesMax,
  entryKinds,
  entryTagsMax,
  type LedgerEntry,
} from './entry.ts';
export { emptyRoot, leafHash, nodeHash } from './hash.ts';
export {
  addSignatures,
  type HeldSignature,
  type NoteSigner,
  noteBytesMax,
  type OpenedNote,
  openNote,
  parseNote,
  parseSignatureLine,
  signNote,
} from './note.ts';
export {
  parseSignerLine,
  parseVerifierLine,
  signerLine,
  type VerifierKey,
  verifierKey,
  verifierLine,
} from './note-key.ts';
export { formatPolicy, type LedgerPolicy, parsePolicy, policyBytesMax } from './policy.ts';
export { type Proof, type TreeHead, verifyConsistency, verifyInclusion } from './proof.ts';
export { proveConsistency, proveInclusion, treeOf, treeRoot } from './prove.ts';
export { commitment, oneTimeTag, saltBytes, tagBytes, tagKeyBytes } from './tag.ts';
export { type Tile, tilePath, tilesOf } from './tile.ts';
export { type HashReader, type LedgerReader, tileHashReader } from './tile-reader.ts';
export {
  formatProofFile,
  type ProofFile,
  parseProofFile,
  proofFileBytesMax,
} from './tlog-proof.ts';
export { type LogProblem, type LogReport, type VerifyLogOptions, verifyLog } from './verify-log.ts';
export {
  type AddCheckpoint,
  addCheckpointBytesMax,
  addCheckpointPath,
  formatAddCheckpoint,
  logSizeContentType,
  parseAddCheckpoint,
} from './witness-request.ts';
