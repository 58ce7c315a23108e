// What the vault remembers of a release in its key tree: the key its files are sealed to, the
// recipe it was built of, and whose data went in.
import { concatBytes, fromHex, fromUtf8, toHex, utf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { digestSchema, idSchema, type Purpose, purposeSchema } from '@handrail/core/statement';
import { z } from 'zod';
import type { ParticipantEpoch } from '../keys/keyring.ts';

export interface ReleaseRecord {
  /** X25519, 32 bytes. */
  readonly privateKey: Uint8Array;
  /** SHA-256, hex. */
  readonly recipeDigest: string;
  /** It was built under, and for which purpose. */
  readonly grant: string;
  readonly purpose: Purpose;
  readonly participants: readonly ParticipantEpoch[];
}

const keyBytes = 32;
const restSchema = z.strictObject({
  grant: idSchema('grant'),
  purpose: purposeSchema,
  participants: z.array(z.tuple([z.string(), z.int().min(1)])),
});

export function encodeReleaseRecord(record: ReleaseRecord): Uint8Array {
  const { grant, purpose } = record;
  const participants = record.participants.map(({ pseudonym, consentEpoch }) => {
    return [pseudonym, consentEpoch];
  });
  const rest = { grant, purpose, participants };
  return concatBytes(record.privateKey, fromHex(record.recipeDigest), utf8(JSON.stringify(rest)));
}

/** Throws `format.unknown` for bytes that are no such record. */
export function decodeReleaseRecord(bytes: Uint8Array): ReleaseRecord {
  try {
    const rest = restSchema.parse(JSON.parse(fromUtf8(bytes.subarray(2 * keyBytes))));
    return {
      privateKey: bytes.slice(0, keyBytes),
      recipeDigest: toHex(bytes.subarray(keyBytes, 2 * keyBytes)),
      grant: rest.grant,
      purpose: rest.purpose,
      participants: rest.participants.map(([pseudonym, consentEpoch]) => {
        return { pseudonym, consentEpoch };
      }),
    };
  } catch {
    throw new HandrailError('format.unknown', 'The key-tree leaf holds no release.');
  }
}

/** Which list of releases is the newest: lists lie with the server, which could offer an older. */
export interface ListHead {
  readonly number: number;
  /** SHA-256 of its bytes, hex. */
  readonly digest: string;
}

const headSchema = z.strictObject({ number: z.int().min(1), digest: digestSchema });

export function encodeListHead({ number, digest }: ListHead): Uint8Array {
  return utf8(JSON.stringify({ number, digest }));
}

/** Throws `format.unknown` for bytes that are no such head. */
export function decodeListHead(bytes: Uint8Array): ListHead {
  try {
    return headSchema.parse(JSON.parse(fromUtf8(bytes)));
  } catch {
    throw new HandrailError('format.unknown', 'The key-tree leaf names no list of releases.');
  }
}
