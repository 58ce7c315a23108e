// Trajectories and releases: how segments become the one and trajectories the other.
export {
  type AgentnetLine,
  agentnetLine,
  agentnetLosses,
  imageName,
  parseAgentnetLine,
} from './agentnet.ts';
export { assemble, type Provenance } from './assemble.ts';
export {
  decodeTrajectory,
  encodeTrajectory,
  factsOf,
  trajectoryBytesMax,
} from './codec.ts';
export { type CardFacts, dataCard } from './data-card.ts';
export {
  type ExportHeader,
  encodeExportHeader,
  exportStanza,
  readExportHeader,
} from './export-header.ts';
export { chunkAad, chunksOf, decodeChunk, encodeChunk, type ReadingChunk } from './reading.ts';
export {
  decodeReleaseManifest,
  encodeReleaseManifest,
  exportFileName,
  type ReleaseManifest,
  releaseAad,
  releaseFileNames,
} from './release-manifest.ts';
export { type ActionRow, rowsOf, writerVersion } from './rows.ts';
export {
  parseTrajectory,
  type SealedTrajectory,
  sealTrajectory,
  signTrajectory,
  type TrajectoryHeader,
  verifyTrajectory,
} from './sealed-trajectory.ts';
export {
  byId,
  type Candidate,
  type FilledFrame,
  inStepsOf,
  minimise,
  outsideAreas,
  recipeTakes,
  type Selection,
  select,
} from './select.ts';
export type { OpenedFrame, OpenedSegment } from './timeline.ts';
export type {
  Display,
  Trajectory,
  TrajectoryAction,
  TrajectoryFactsOnly,
  TrajectoryFrame,
} from './trajectory.ts';
