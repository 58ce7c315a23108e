// The capture manifest: which signals and which contexts are captured. Absent means never.
import { z } from 'zod';
import { canonicalDigest } from '../canonical-json/index.ts';
import { idSchema } from './charter.ts';
import {
  type CaptureContext,
  contextSchema,
  keepsNoMore,
  mayOverlap,
  wordsPerManifestMax,
} from './context.ts';
import { instantSchema } from './envelope.ts';

export const signalSchema = z.enum(['key', 'pointer', 'window', 'focus', 'frame']);
export type Signal = z.infer<typeof signalSchema>;

/** What a person writes in a file; `version` is that of the format. */
export const manifestFileSchema = z.strictObject({
  version: z.literal(1),
  signals: z.array(signalSchema).min(1),
  contexts: z
    .array(contextSchema)
    .min(1)
    .max(200)
    .refine((all) => all.flatMap(({ words }) => words ?? []).length <= wordsPerManifestMax, {
      error: `a manifest lists at most ${wordsPerManifestMax} words`,
    })
    .refine((all) => all.every((one) => all.every((other) => isComparable(one, other))), {
      error: 'of two contexts at one place, one must list all words of the other',
    }),
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

function isComparable(a: CaptureContext, b: CaptureContext): boolean {
  return !mayOverlap(a, b) || keepsNoMore(a, b) || keepsNoMore(b, a);
}
