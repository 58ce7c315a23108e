// The charter: who decides in a programme, with which keys and quorums. It is pinned in the vault
// and forms one fingerprint with the vault's key, which every participant compares when joining.
import { sha256 } from '@noble/hashes/sha2.js';
import { z } from 'zod';
import { concatBytes, fromBase64url, fromHex, utf8 } from '../bytes/index.ts';
import { canonicalDigest } from '../canonical-json/index.ts';
import { idOf, type idPrefixes } from '../ids/index.ts';
import { digestSchema, instantSchema, publicKeySchema } from './envelope.ts';

export const roles = ['steward', 'officer', 'researcher', 'auditor', 'incident', 'prober'] as const;
export const purposes = ['train-agents', 'evaluate-agents', 'improve-redaction'] as const;
export const tiers = ['raw', 'trajectory', 'release'] as const;

export const roleSchema = z.enum(roles);
/** Closed list: a purpose for judging people cannot be expressed. */
export const purposeSchema = z.enum(purposes);
export const tierSchema = z.enum(tiers);
export type Role = z.infer<typeof roleSchema>;
export type Purpose = z.infer<typeof purposeSchema>;
export type Tier = z.infer<typeof tierSchema>;

export function idSchema(prefix: (typeof idPrefixes)[number]) {
  return z.string().regex(new RegExp(`^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`));
}

/** A person, or the prober: one key and one role; `recipient` is an age recipient for exports. */
export const personSchema = z.strictObject({
  id: idSchema('pers'),
  role: roleSchema,
  publicKey: publicKeySchema,
});
export type Person = z.infer<typeof personSchema>;

export const charterSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('charter'),
  programme: idSchema('prog'),
  number: z.int().min(1),
  title: z.string().min(1).max(200),
  /** True where everything was made for trying out. */
  sample: z.boolean(),
  purposes: z.array(purposeSchema).min(1),
  persons: z.array(personSchema).min(1).max(100),
  /** Signatures of persons of different roles that are needed. */
  quorums: z.strictObject({ manifest: z.int().min(1).max(5), grant: z.int().min(2).max(5) }),
  /** Signed-note verifier lines (C2SP). */
  logVerifier: z.string().max(200),
  witnesses: z.array(z.string().max(200)).max(16),
  witnessQuorum: z.int().min(0).max(16),
  retentionDays: z.strictObject({
    raw: z.int().min(1).max(365),
    trajectory: z.int().min(1).max(1825),
  }),
  /** Fewest participants that a release or a count may come from. */
  k: z.int().min(1).max(1000),
  consentFreshDaysMax: z.int().min(1).max(90),
  grantHoursMax: z.int().min(1).max(8),
  /** A person's role lapses after this; 180 where the charter names none. */
  recertifyDays: z.int().min(1).max(730).optional(),
  noticeDigest: digestSchema,
  dpiaDigest: digestSchema,
  startedAt: instantSchema,
});
export type Charter = z.infer<typeof charterSchema>;

/** Joins the vault's key and the charter: eight groups of four letters, for people to compare. */
export function programmeFingerprint(vaultKey: string, charter: Charter): string {
  const bytes = concatBytes(
    utf8('handrail/fingerprint/v1\0'),
    fromBase64url(vaultKey),
    fromHex(canonicalDigest(charter)),
  );
  const letters = idOf('prog', sha256(bytes)).slice('prog_'.length, 'prog_'.length + 24);
  return (letters.match(/.{4}/g) ?? []).join('-');
}

export function personOf(charter: Charter, key: string): Person | undefined {
  return charter.persons.find((person) => person.publicKey === key);
}

/** Roles that propose decisions and certify others: a prober only stops things. */
export function oversees({ role }: Person): boolean {
  return role !== 'researcher' && role !== 'prober';
}

const resumers: readonly Role[] = ['steward', 'officer', 'incident'];
const halters: readonly Role[] = [...resumers, 'prober'];

/** One steward, officer, incident commander or prober halts. */
export function mayHalt(charter: Charter, keys: ReadonlySet<string>): boolean {
  return withRole(charter, keys, halters).length > 0;
}

/** One steward, officer or incident commander ends a device: a prober's key knows no one's. */
export function mayRevokeDevice(charter: Charter, keys: ReadonlySet<string>): boolean {
  return withRole(charter, keys, resumers).length > 0;
}

/** It takes as many different roles as a grant to resume, the officer's among them. */
export function mayResume(charter: Charter, keys: ReadonlySet<string>): boolean {
  const roles = new Set(withRole(charter, keys, resumers).map(({ role }) => role));
  return roles.size >= charter.quorums.grant && roles.has('officer');
}

/**
 * What changes the programme itself (its charter, its policies, its start and end) takes as many
 * different roles of stewards and officers as manifests or grants do, the officer's among them.
 */
export function mayDecide(charter: Charter, keys: ReadonlySet<string>): boolean {
  const deciding = charter.persons.filter(({ publicKey, role }) => {
    return keys.has(publicKey) && (role === 'steward' || role === 'officer');
  });
  const roles = new Set(deciding.map(({ role }) => role));
  const { manifest, grant } = charter.quorums;
  return roles.size >= Math.max(manifest, grant) && roles.has('officer');
}

function withRole(
  charter: Charter,
  keys: ReadonlySet<string>,
  among: readonly Role[],
): readonly Person[] {
  return charter.persons.filter(({ publicKey, role }) => {
    return keys.has(publicKey) && among.includes(role);
  });
}

/**
 * True when `keys` belong to at least `quorum` persons of the charter with different roles. A
 * prober's key lies on a machine, so it stops things and decides nothing.
 */
export function hasQuorum(charter: Charter, keys: ReadonlySet<string>, quorum: number): boolean {
  const people = roles.filter((role) => role !== 'prober');
  const signing = withRole(charter, keys, people);
  return new Set(signing.map((person) => person.role)).size >= quorum;
}
