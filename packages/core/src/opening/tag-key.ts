// The key of a participant's one-time tags for one consent epoch: the vault derives it, seals it to
// the reading key of the consent and signs the box; the server can neither read nor offer it.
import { z } from 'zod';
import { fromBase64url, toBase64url, utf8 } from '../bytes/index.ts';
import { readBox } from '../reader/index.ts';
import { type Signer, sealBox } from '../seal/index.ts';
import { idSchema, type Signed, sign, signersOf } from '../statement/index.ts';

export const tagKeySchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('tag-key'),
  programme: idSchema('prog'),
  pseudonym: idSchema('part'),
  consentEpoch: z.int().min(1),
  /** 32 bytes sealed for `reading`, base64url. */
  box: z.string().max(400),
});
export type TagKey = z.infer<typeof tagKeySchema>;

export type TagKeyOwner = Pick<TagKey, 'programme' | 'pseudonym' | 'consentEpoch'>;

/** `readingKey`: X25519, 32 bytes. */
export async function sealTagKey(
  owner: TagKeyOwner,
  tagKey: Uint8Array,
  readingKey: Uint8Array,
  vault: Signer,
): Promise<Signed<TagKey>> {
  const { bytes } = await sealBox(readingKey, 'reading', aadOf(owner), tagKey);
  return sign({ v: 1, kind: 'tag-key', ...plain(owner), box: toBase64url(bytes) }, vault);
}

/** 32 bytes, or undefined unless `vaultKey` signed them for `owner`. Throws `seal.broken`. */
export async function readTagKey(
  signed: Signed<TagKey>,
  owner: TagKeyOwner,
  vaultKey: string,
  readingKey: Uint8Array,
): Promise<Uint8Array | undefined> {
  const { payload } = signed;
  const isTheirs =
    payload.programme === owner.programme &&
    payload.pseudonym === owner.pseudonym &&
    payload.consentEpoch === owner.consentEpoch;
  if (!isTheirs || !(await signersOf(signed)).has(vaultKey)) return undefined;
  return readBox(readingKey, aadOf(owner), fromBase64url(payload.box));
}

function plain({ programme, pseudonym, consentEpoch }: TagKeyOwner): TagKeyOwner {
  return { programme, pseudonym, consentEpoch };
}

function aadOf({ programme, pseudonym, consentEpoch }: TagKeyOwner): Uint8Array {
  return utf8(`handrail/tag-key/v1\n${programme}\n${pseudonym}\n${consentEpoch}`);
}
