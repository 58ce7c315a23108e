// The capture manifest: which signals and which contexts are captured. Absent means never.
import { z } from 'zod';
import { canonicalDigest } from '../canonical-json/index.ts';
import { idSchema } from './charter.ts';
import { instantSchema } from './envelope.ts';

export const signalSchema = z.enum(['key', 'pointer', 'window', 'focus', 'frame']);
export const modeSchema = z.enum(['full', 'vocabulary', 'skeleton']);
export type Signal = z.infer<typeof signalSchema>;
export type Mode = z.infer<typeof modeSchema>;

export const contextSchema = z.strictObject({
  /** The window's class in lower case, or `import:ducktrack`, `import:agentnet`. */
  app: z.string().regex(/^[a-z0-9][a-z0-9 ._:-]{0,99}$/),
  /** Scheme, host and port of the document, such as `http://127.0.0.1:8123`. */
  origin: z
    .string()
    .regex(/^https?:\/\/[a-z0-9.:[\]-]{1,255}$/)
    .optional(),
  account: z.string().min(1).max(200).optional(),
  mode: modeSchema,
});
export type CaptureContext = z.infer<typeof contextSchema>;

/** What a person writes in a file; `version` is that of the format. */
export const manifestFileSchema = z.strictObject({
  version: z.literal(1),
  signals: z.array(signalSchema).min(1),
  contexts: z.array(contextSchema).min(1).max(200),
});
export type ManifestFile = z.infer<typeof manifestFileSchema>;

export const manifestSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('manifest'),
  programme: idSchema('prog'),
  /** Grows by one with each manifest of the programme. */
  number: z.int().min(1),
  at: instantSchema,
  manifest: manifestFileSchema,
});
export type ManifestStatement = z.infer<typeof manifestSchema>;

/** SHA-256 (hex) of the signed manifest payload; headers and consents name it. */
export function manifestHash(statement: ManifestStatement): string {
  return canonicalDigest(statement);
}

/** True when `next` captures something that `current` does not (the first is always wider). */
export function isWider(current: ManifestFile | undefined, next: ManifestFile): boolean {
  if (current === undefined) return true;
  if (next.signals.some((signal) => !current.signals.includes(signal))) return true;
  return next.contexts.some((context) => !current.contexts.some((old) => covers(old, context)));
}

const reach: Readonly<Record<Mode, number>> = { skeleton: 0, vocabulary: 1, full: 2 };

function covers(old: CaptureContext, next: CaptureContext): boolean {
  const sameOrigin = old.origin === undefined || old.origin === next.origin;
  const sameAccount = old.account === undefined || old.account === next.account;
  return old.app === next.app && sameOrigin && sameAccount && reach[next.mode] <= reach[old.mode];
}
