// The contract between keeper and worker: one task in, one result out, over IPC with `advanced`
// serialization. A worker gets the content keys of its one task and no other key.
import type { TrajectoryHeader } from '@handrail/core/dataset';
import type { ErrorCode } from '@handrail/core/errors';
import type { ManifestFile, Purpose, Recipe } from '@handrail/core/statement';
import type { ExportFormat, TrajectoryFacts } from '@handrail/core/wire';
import type { OcrSettings } from './ocr/settings.ts';
import type { Mark } from './watermark.ts';

/** Largest sum of sealed bytes in one task, 1 GiB. */
export const taskBytesMax = 1024 * 1024 * 1024;
export const segmentsPerTaskMax = 64;
export const threadsMax = 16;

/** Tasks that end with one result; a view goes on chunk by chunk. */
export type WorkerTask = RefineTask | BuildTask | RebuildTask | ExportTask | BystanderTask;

export interface SegmentInput {
  readonly id: string;
  /** The sealed segment, whole. */
  readonly bytes: Uint8Array;
  readonly contentKey: Uint8Array;
  /** Ed25519 key of the header's device, from the signed consent of this epoch. 32 bytes. */
  readonly deviceKey: Uint8Array;
  /** Its owner has released it from quarantine: it goes on with what can be masked. */
  readonly isReleased: boolean;
}

/** A recogniser (core/redact) and the digest, SHA-256 in hex, that it must have. */
export interface LocalModel {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

export interface RefineTask {
  readonly kind: 'refine';
  readonly programme: string;
  readonly pseudonym: string;
  readonly consentEpoch: number;
  /** By manifest hash: those that the participant has accepted. */
  readonly manifests: Readonly<Record<string, ManifestFile>>;
  /** Of one session, in any order. */
  readonly segments: readonly SegmentInput[];
  /** What reads the text in frames. */
  readonly ocr: OcrSettings;
  readonly model?: LocalModel | undefined;
  /** The participant's trajectory key of `day` (UTC): X25519, 32 bytes. */
  readonly trajectoryKey: { readonly publicKey: Uint8Array; readonly day: string };
}

export interface ViewTask {
  readonly kind: 'view';
  readonly what: 'trajectory' | 'segment';
  /** The sealed object, whole; the keeper has verified its signature. */
  readonly bytes: Uint8Array;
  readonly contentKey: Uint8Array;
  /** X25519, 32 bytes. */
  readonly sessionKey: Uint8Array;
  /** Digest of the reading session, hex: what the chunks are bound to. */
  readonly session: string;
  readonly mark: Mark;
}

export interface TrajectoryInput {
  readonly id: string;
  /** The sealed trajectory, whole; the keeper has verified its signature. */
  readonly bytes: Uint8Array;
  readonly contentKey: Uint8Array;
  /** Opaque, made for this release: equal for one participant, and counted for k. */
  readonly participant: string;
}

interface ReleaseWork {
  readonly release: string;
  readonly inputs: readonly TrajectoryInput[];
  /** Threads, 1 to 16; the result does not depend on it. */
  readonly workers: number;
  /** Of Handrail, such as `0.1.0`. */
  readonly codeVersion: string;
}

export interface BuildTask extends ReleaseWork {
  readonly kind: 'build';
  readonly recipe: Recipe;
  readonly purpose: Purpose;
  readonly k: number;
  /** The release that this one takes the place of. */
  readonly supersedes?: string;
  /** X25519, 32 bytes: every file is sealed to it (`releaseAad` in core/dataset). */
  readonly releaseKey: Uint8Array;
}

/** `inputs` are those that the manifest names; the recipe and all else come from the manifest. */
export interface RebuildTask extends ReleaseWork {
  readonly kind: 'rebuild';
  /** `manifest.json`, sealed, and its content key. */
  readonly manifest: { readonly bytes: Uint8Array; readonly contentKey: Uint8Array };
}

export interface ExportTask {
  readonly kind: 'export';
  readonly release: string;
  /** At least the file of the format (`exportFileName` in core/dataset), sealed. */
  readonly files: readonly {
    readonly name: string;
    readonly bytes: Uint8Array;
    readonly contentKey: Uint8Array;
  }[];
  readonly format: ExportFormat;
  /** `age1...` */
  readonly recipient: string;
  /** What the file says of itself in the open (`encodeExportHeader` in core/dataset). */
  readonly header: Uint8Array;
}

/** Looks for what a request seeks, and seals again, without it, whatever holds it. */
export interface BystanderTask {
  readonly kind: 'remove-bystander';
  /** The sealed request (core/bystander) and its content key. */
  readonly request: {
    readonly box: Uint8Array;
    readonly contentKey: Uint8Array;
    readonly programme: string;
  };
  readonly inputs: readonly {
    readonly id: string;
    /** The sealed trajectory, whole; the keeper has verified its signature. */
    readonly bytes: Uint8Array;
    readonly contentKey: Uint8Array;
    /** The id of what takes its place. */
    readonly next: string;
  }[];
  /** What reads the text in frames. */
  readonly ocr: OcrSettings;
}

export type WorkerResult =
  | BystanderResult
  | RefineResult
  | BuildResult
  | RebuildResult
  | ExportResult
  /** A plain no: too few participants, nothing in the recipe's contexts, or no such request. */
  | {
      readonly kind: 'refused';
      readonly reason: 'too-few-participants' | 'nothing-selected' | 'request-unsound';
    }
  /** Content-free: nothing but the code leaves. */
  | { readonly kind: 'failed'; readonly code: ErrorCode };

/** What a worker that shows a trajectory answers each time it is asked for more. */
export type ViewStep =
  | { readonly kind: 'chunk'; readonly box: Uint8Array }
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly code: ErrorCode };

export type SegmentState = 'refined' | 'quarantined' | 'rejected';

/** Why a worker does not refine a segment, beside the codes of errors. */
export const segmentReasons = [
  'content.inconsistent',
  'context.not-allowed',
  'coordinate.out-of-range',
  'header.foreign',
  'image.broken',
  'manifest.unknown',
  'mode.pixels',
  'pixels.not-filled',
  'pixels.survivor',
  'pixels.too-much',
  'pixels.unread',
  'redaction.failed',
  'redaction.late',
  'sequence.repeated',
  'session.other',
] as const;

export interface SegmentOutcome {
  readonly id: string;
  readonly state: SegmentState;
  /** Content-free: one of `segmentReasons`, the code of an error, or a word of the keeper's. */
  readonly reason?: string;
}

export interface RefinedTrajectory {
  readonly facts: TrajectoryFacts;
  readonly segments: readonly string[];
  readonly header: TrajectoryHeader;
  readonly headerBytes: Uint8Array;
  /**
   * A box of purpose `trajectory` whose aad is `headerBytes`. The keeper makes the object of both
   * with `signTrajectory(headerBytes, body, vaultSigner)` of core/dataset.
   */
  readonly body: Uint8Array;
}

export interface RefineResult {
  readonly kind: 'refine';
  readonly segments: readonly SegmentOutcome[];
  readonly trajectories: readonly RefinedTrajectory[];
}

export interface BuildResult {
  readonly kind: 'build';
  readonly files: readonly { readonly name: string; readonly sealed: Uint8Array }[];
  /** SHA-256 (hex) of the unsealed `manifest.json`. */
  readonly manifestDigest: string;
  /** The trajectories taken, in the manifest's order; `trajectories` is their number. */
  readonly inputs: readonly string[];
  readonly rows: number;
  readonly trajectories: number;
  /** Rounded down to a multiple of k. */
  readonly participants: number;
}

export interface RebuildResult {
  readonly kind: 'rebuild';
  readonly same: boolean;
  /** Names of files whose unsealed bytes differ. */
  readonly differing: readonly string[];
  readonly manifestDigest: string;
}

export interface ExportResult {
  readonly kind: 'export';
  /** An age file (age-encryption.org/v1). */
  readonly bytes: Uint8Array;
}

export interface BystanderResult {
  readonly kind: 'remove-bystander';
  /** Of those in which something was found; `next` under its own header. */
  readonly made: readonly {
    readonly id: string;
    readonly headerBytes: Uint8Array;
    readonly body: Uint8Array;
  }[];
}
