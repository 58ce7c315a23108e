// What the vault signs about releases, so that whoever holds one can check it anywhere: the list of
// all releases and whether they still stand, and for each that does not which trajectories went.
import { sha256 } from '@noble/hashes/sha2.js';
import { z } from 'zod';
import { concatBytes, fromBase64url, fromUtf8, toHex, utf8 } from '../bytes/index.ts';
import { idSchema } from './charter.ts';
import { digestSchema, instantSchema, type Signed, signedSchema, signersOf } from './envelope.ts';

/** Where a programme's server has the newest list. */
export const releaseListPath = '/v1/release-list';
export const releasesListedMax = 10_000;
export const releaseListBytesMax = 16 * 1024 * 1024;
/** What a holder is given after a release, and why no other takes its place. */
export const notReissuedSchema = z.enum(['too-few-participants', 'ask-again']);
export type NotReissued = z.infer<typeof notReissuedSchema>;
/** Why rows went; never whose. */
export const supersessionSchema = z.enum(['withdrawal', 'objection', 'bystander']);
export type SupersessionReason = z.infer<typeof supersessionSchema>;

export const releaseStandingSchema = z.strictObject({
  release: idSchema('rel'),
  /** SHA-256 of its `manifest.json`. */
  manifest: digestSchema,
  state: z.enum(['good', 'superseded']),
  /** Since when. */
  at: instantSchema,
  reason: supersessionSchema.exactOptional(),
  supersededBy: idSchema('rel').exactOptional(),
  notReissued: notReissuedSchema.exactOptional(),
  /** SHA-256 of the signed tombstone's bytes. */
  tombstone: digestSchema.exactOptional(),
});
export type ReleaseStanding = z.infer<typeof releaseStandingSchema>;

export const releaseListSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('release-list'),
  programme: idSchema('prog'),
  /** Grows with each list. */
  number: z.int().min(1),
  at: instantSchema,
  /** In the order in which they were published. */
  releases: z.array(releaseStandingSchema).max(releasesListedMax),
});
export type ReleaseList = z.infer<typeof releaseListSchema>;

export const tombstoneSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('tombstone'),
  programme: idSchema('prog'),
  release: idSchema('rel'),
  at: instantSchema,
  /** base64url of 32 bytes. */
  salt: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  /** `goneName` of each trajectory that went, among as many that name nothing, in order. */
  gone: z.array(digestSchema).max(262_144),
});
export type Tombstone = z.infer<typeof tombstoneSchema>;

/** How a tombstone names a trajectory: only who has the id can tell. Hex. */
export function goneName(salt: string, trajectory: string): string {
  return toHex(sha256(concatBytes(fromBase64url(salt), utf8(trajectory))));
}

const signedList = signedSchema(releaseListSchema);
const signedTombstone = signedSchema(tombstoneSchema);

/** The list in `bytes`, if `vaultKey` (base64url) signed it; undefined for anything else. */
export function readReleaseList(
  bytes: Uint8Array,
  vaultKey: string,
): Promise<ReleaseList | undefined> {
  return readSigned(bytes, signedList, vaultKey);
}

export function readTombstone(bytes: Uint8Array, vaultKey: string): Promise<Tombstone | undefined> {
  return readSigned(bytes, signedTombstone, vaultKey);
}

async function readSigned<T>(
  bytes: Uint8Array,
  schema: z.ZodType<Signed<T>>,
  vaultKey: string,
): Promise<T | undefined> {
  if (bytes.length > releaseListBytesMax) return undefined;
  const parsed = schema.safeParse(jsonIn(bytes));
  if (!parsed.success || !(await signersOf(parsed.data)).has(vaultKey)) return undefined;
  return parsed.data.payload;
}

function jsonIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(bytes));
  } catch {
    return undefined;
  }
}

/** A release as an export, a manifest or a person names it. */
export interface NamedRelease {
  readonly release: string;
  /** SHA-256 of its `manifest.json`, where it is known. */
  readonly manifest?: string;
  /** Number of the list that was the newest when it was exported. */
  readonly listNumber?: number;
}

export type ReleaseVerdict =
  | { readonly kind: 'good' }
  /** With what took its place, one after the other; the last may stand. */
  | { readonly kind: 'superseded'; readonly chain: readonly ReleaseStanding[] }
  /** `older`: the list is from before the export, so it cannot know. */
  | { readonly kind: 'unknown'; readonly why: 'not-listed' | 'another-manifest' | 'older' };

/** What `list` says of a release. Whatever it does not say is no yes. */
export function judgeRelease(list: ReleaseList, named: NamedRelease): ReleaseVerdict {
  const byId = new Map(list.releases.map((one) => [one.release, one]));
  const standing = byId.get(named.release);
  if (named.listNumber !== undefined && list.number < named.listNumber) {
    return { kind: 'unknown', why: 'older' };
  }
  if (standing === undefined) return { kind: 'unknown', why: 'not-listed' };
  if (named.manifest !== undefined && named.manifest !== standing.manifest) {
    return { kind: 'unknown', why: 'another-manifest' };
  }
  if (standing.state === 'good') return { kind: 'good' };
  const chain: ReleaseStanding[] = [];
  for (let at: ReleaseStanding | undefined = standing; at && !chain.includes(at); ) {
    chain.push(at);
    at = at.supersededBy === undefined ? undefined : byId.get(at.supersededBy);
  }
  return { kind: 'superseded', chain };
}
