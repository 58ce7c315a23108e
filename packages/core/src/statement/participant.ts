// What a participant's own device signs: consent, withdrawal, erasure, and decisions on quarantine.
// Consent names manifest and notice as shown, and the reading key that results may be sealed to.
import { z } from 'zod';
import { idSchema } from './charter.ts';
import { digestSchema, instantSchema, publicKeySchema } from './envelope.ts';

const common = {
  v: z.literal(1),
  programme: idSchema('prog'),
  pseudonym: idSchema('part'),
  consentEpoch: z.int().min(1).max(1_000_000),
  at: instantSchema,
} as const;

/** Signed by `deviceKey`; renewed with a later `at` while the participant goes on. */
export const consentSchema = z.strictObject({
  ...common,
  kind: z.literal('consent'),
  device: idSchema('dev'),
  /** Ed25519, base64url. */
  deviceKey: publicKeySchema,
  /** X25519, base64url. */
  readingKey: publicKeySchema,
  /** The manifest that was shown and accepted; null: none was active, so nothing is captured. */
  manifest: digestSchema.nullable(),
  notice: digestSchema,
  fingerprint: z.string().max(64),
});
export type Consent = z.infer<typeof consentSchema>;

export const withdrawalSchema = z.strictObject({ ...common, kind: z.literal('withdrawal') });
export type Withdrawal = z.infer<typeof withdrawalSchema>;

/** Destroys the keys of everything this participant gave. */
export const erasureSchema = z.strictObject({ ...common, kind: z.literal('erasure') });
export type Erasure = z.infer<typeof erasureSchema>;

/**
 * What a participant decides about one of their segments in quarantine: it goes on with what could
 * be masked, or nobody opens it any more.
 */
export const quarantineSchema = z.strictObject({
  ...common,
  kind: z.enum(['quarantine-release', 'quarantine-deletion']),
  segment: idSchema('seg'),
});
export type QuarantineDecision = z.infer<typeof quarantineSchema>;

export const haltSchema = z.strictObject({
  v: z.literal(1),
  kind: z.enum(['halt', 'resume']),
  programme: idSchema('prog'),
  programmeEpoch: z.int().min(1),
  at: instantSchema,
});
export type Halt = z.infer<typeof haltSchema>;
