// What a participant is told of one opening: sealed to their reading key, and believed only where
// it is exactly what the ledger's entry commits to.
import { z } from 'zod';
import { concatBytes, fromBase64url, fromUtf8, toBase64url, utf8 } from '../bytes/index.ts';
import { canonicalBytes } from '../canonical-json/index.ts';
import { commitment, type LedgerEntry } from '../ledger/index.ts';
import { readBox } from '../reader/index.ts';
import { sealBox } from '../seal/index.ts';
import { type Opening, type OpeningPart, openingPartSchema, openingSchema } from './opening.ts';
import { isPartOf, type PartProof, type SaltedPart } from './parts.ts';

/** Boxes are padded to a multiple of this, so that they do not tell how much was opened. */
const boxStepBytes = 1_024;
export const openingBoxBytesMax = 16 * 1024 * 1024;

const base64url = z.string().regex(/^[A-Za-z0-9_-]*$/);

export const tellingSchema = z.strictObject({
  v: z.literal(1),
  /** Of the entry's commitment. */
  salt: base64url,
  opening: openingSchema,
  own: z.strictObject({
    salt: base64url,
    part: openingPartSchema,
    proof: z.strictObject({ index: z.int().min(0), hashes: z.array(base64url).max(63) }),
  }),
});
/** The opened box, as it also travels in a proof file. */
export type Telling = z.infer<typeof tellingSchema>;

export function telling(
  salt: Uint8Array,
  opening: Opening,
  own: SaltedPart,
  { index, hashes }: PartProof,
): Telling {
  const proof = { index, hashes: [...hashes] };
  const part = { salt: toBase64url(own.salt), part: own.part, proof };
  return { v: 1, salt: toBase64url(salt), opening, own: part };
}

/** Seals for the owner of `readingKey` (X25519, 32 bytes) alone, bound to `tag`. */
export async function sealTelling(
  told: Telling,
  tag: string,
  readingKey: Uint8Array,
): Promise<Uint8Array> {
  const bytes = canonicalBytes(told);
  const padding = (boxStepBytes - (bytes.length % boxStepBytes)) % boxStepBytes;
  const padded = concatBytes(bytes, utf8(' '.repeat(padding)));
  return (await sealBox(readingKey, 'reading', aadOf(tag), padded)).bytes;
}

/** Undefined for what does not open or is of another form: the box counts as false then. */
export async function readTelling(
  box: Uint8Array,
  tag: string,
  readingKey: Uint8Array,
): Promise<Telling | undefined> {
  if (box.length > openingBoxBytesMax) return undefined;
  try {
    const bytes = await readBox(readingKey, aadOf(tag), box);
    return tellingSchema.parse(JSON.parse(fromUtf8(bytes)));
  } catch {
    return undefined;
  }
}

/** Under what name a box is kept among its owner's: by the entry, should a tag come twice. */
export function openingBoxName(tag: string, committed: string): string {
  return `t${tag}.${committed}`;
}

/** Whether `told` is what `entry` commits to, in the whole and in the participant's own part. */
export function isCommitted({ salt, opening, own }: Telling, entry: LedgerEntry): boolean {
  try {
    if (opening.kind !== entry.kind) return false;
    if (commitment(fromBase64url(salt), canonicalBytes(opening)) !== entry.commitment) return false;
    const part = { salt: fromBase64url(own.salt), part: own.part };
    return isPartOf(opening.parts, part, own.proof);
  } catch {
    return false;
  }
}

export function isAbout({ own }: Telling, { pseudonym, consentEpoch }: Owner): boolean {
  return own.part.pseudonym === pseudonym && own.part.consentEpoch === consentEpoch;
}

type Owner = Pick<OpeningPart, 'pseudonym' | 'consentEpoch'>;

function aadOf(tag: string): Uint8Array {
  return utf8(`handrail/opening/v1\n${tag}`);
}
