// The manifest of a release: what went in, what was asked, with which code, and the digest of every
// file that came out. It is canonical JSON, so a rebuild gives the same bytes.
import { z } from 'zod';
import { utf8 } from '../bytes/index.ts';
import { canonicalBytes, parseCanonical } from '../canonical-json/index.ts';
import { HandrailError } from '../errors/index.ts';
import { digestSchema, idSchema, purposeSchema, recipeSchema } from '../statement/index.ts';

export const releaseFileNames = {
  manifest: 'manifest.json',
  parquet: 'actions.parquet',
  agentnet: 'trajectories.jsonl',
  card: 'README.md',
} as const;

export const manifestBytesMax = 64 * 1024 * 1024;
const count = z.int().min(0);

export const releaseManifestSchema = z.strictObject({
  v: z.literal(1),
  release: idSchema('rel'),
  /** The release that this one takes the place of. */
  supersedes: idSchema('rel').exactOptional(),
  /** The charter's when it was built: fewest participants, and the steps of their number. */
  k: z.int().min(1).max(1000),
  recipe: recipeSchema,
  recipeDigest: digestSchema,
  purpose: purposeSchema,
  /** In the order of ids; `digest` is the SHA-256 of the sealed trajectory. */
  inputs: z
    .array(z.strictObject({ trajectory: idSchema('traj'), digest: digestSchema }))
    .min(1)
    .max(100_000),
  code: z.string().max(100),
  versions: z.strictObject({
    /** Of the reducer's rules, all that the inputs carry, ascending. */
    reducer: z.array(z.int().min(1)).max(100),
    /** Of the encodings below. */
    writer: z.int().min(1),
  }),
  /** Every other file, by name; digests of the unsealed bytes. */
  files: z.array(z.strictObject({ name: z.string().max(100), sha256: digestSchema, bytes: count })),
  /** Rows of `actions.parquet`, one per action. */
  rows: count,
  counts: z.strictObject({
    trajectories: count,
    /** Rounded down to a multiple of k. */
    participants: count,
    frames: count,
    actionsWithoutFrame: count,
  }),
  /** By encoding: what it cannot say. */
  losses: z.record(z.string().max(100), z.array(z.string().max(300))),
});
export type ReleaseManifest = z.infer<typeof releaseManifestSchema>;

export function encodeReleaseManifest(manifest: ReleaseManifest): Uint8Array {
  return canonicalBytes(releaseManifestSchema.parse(manifest));
}

/** Throws `input.too-large` or `input.invalid`. */
export function decodeReleaseManifest(bytes: Uint8Array): ReleaseManifest {
  if (bytes.length > manifestBytesMax) {
    throw new HandrailError('input.too-large', 'The release manifest is larger than 64 MiB.');
  }
  const parsed = releaseManifestSchema.safeParse(parseCanonical(bytes));
  if (parsed.success) return parsed.data;
  throw new HandrailError('input.invalid', 'The release manifest has unknown or missing fields.');
}

/** What a sealed release file is bound to: it opens under no other name or release. */
export function releaseAad(release: string, name: string): Uint8Array {
  return utf8(`${release}/${name}`);
}

/** The release file that an export of this format hands out. */
export function exportFileName(format: 'parquet' | 'agentnet'): string {
  return releaseFileNames[format];
}
