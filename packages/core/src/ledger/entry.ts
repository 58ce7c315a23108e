// What a ledger entry may say: a kind, a second, and numbers that mean nothing without the key or
// the salt they were made with. No field can hold a name, a text or anything captured.
import { z } from 'zod';
import { canonicalBytes, parseCanonical } from '../canonical-json/index.ts';
import { HandrailError } from '../errors/index.ts';

export const entryBytesMax = 4_096;
export const entryTagsMax = 64;
export const entryCountMax = 1_000_000_000;

export const entryKinds = [
  'programme.created',
  'programme.halted',
  'programme.resumed',
  'programme.stopped-by-login',
  'manifest.approved',
  'statement.accepted',
  'segments.accepted',
  'segments.opening',
  'segments.opened',
  'trajectories.opening',
  'trajectories.opened',
  'grant.approved',
  'grant.revoked',
  'release.opening',
  'release.published',
  'release.downloaded',
  'release.superseded',
  'release-list.published',
  'keys.issued',
  'keys.shredded',
  'bystander.removed',
  'decisions.recorded',
  'probes.run',
  'incident.opened',
  'incident.closed',
] as const;

export type EntryKind = (typeof entryKinds)[number];

export interface LedgerEntry {
  readonly v: 1;
  readonly kind: EntryKind;
  /** RFC 3339 in UTC, whole seconds: `2026-11-23T10:00:00Z`. */
  readonly at: string;
  /** SHA-256 of a 32-byte salt and the payload, base64url: 43 letters. */
  readonly commitment?: string;
  /** One-time tags, base64url of 16 bytes: 22 letters each, 1 to 64 of them. */
  readonly tags?: readonly string[];
  /** How many things the entry stands for, such as the segments of a batch. */
  readonly count?: number;
  /** SHA-256 of something public, such as a release manifest, in hex: 64 letters. */
  readonly digest?: string;
}

// The last letter of base64url may carry no unused bits, so that one value has one text.
const commitmentText = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
const tagText = /^[A-Za-z0-9_-]{21}[AQgw]$/;

const schema = z.strictObject({
  v: z.literal(1),
  kind: z.enum(entryKinds),
  at: z.iso.datetime({ precision: 0 }),
  commitment: z.string().regex(commitmentText).exactOptional(),
  tags: z.array(z.string().regex(tagText)).min(1).max(entryTagsMax).exactOptional(),
  count: z.int().min(0).max(entryCountMax).exactOptional(),
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .exactOptional(),
});

/** Canonical bytes of an entry. Throws `input.invalid` for anything the type does not allow. */
export function encodeEntry(entry: LedgerEntry): Uint8Array {
  return withinLimit(canonicalBytes(checked(entry, 'input.invalid')));
}

/** Reads an entry. Throws `format.unknown`, `input.invalid` (not canonical), `input.too-large`. */
export function decodeEntry(bytes: Uint8Array): LedgerEntry {
  return checked(parseCanonical(withinLimit(bytes)), 'format.unknown');
}

function checked(value: unknown, code: 'input.invalid' | 'format.unknown'): LedgerEntry {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const field = result.error.issues[0]?.path.join('.') || 'the entry';
  throw new HandrailError(code, `This is no ledger entry of version 1: look at ${field}.`);
}

function withinLimit(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= entryBytesMax) return bytes;
  throw new HandrailError('input.too-large', `A ledger entry has at most ${entryBytesMax} bytes.`);
}
