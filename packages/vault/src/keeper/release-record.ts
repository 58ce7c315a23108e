// What the vault remembers of a release in its key tree: the key its files are sealed to, the
// recipe it was built of, and whose data went in.
import { concatBytes, fromHex, fromUtf8, toHex, utf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { z } from 'zod';
import type { ParticipantEpoch } from './keyring.ts';

export interface ReleaseRecord {
  /** X25519, 32 bytes. */
  readonly privateKey: Uint8Array;
  /** SHA-256, hex. */
  readonly recipeDigest: string;
  readonly participants: readonly ParticipantEpoch[];
}

const keyBytes = 32;
const restSchema = z.array(z.tuple([z.string(), z.int().min(1)]));

export function encodeReleaseRecord(record: ReleaseRecord): Uint8Array {
  const rest = record.participants.map(({ pseudonym, consentEpoch }) => [pseudonym, consentEpoch]);
  return concatBytes(record.privateKey, fromHex(record.recipeDigest), utf8(JSON.stringify(rest)));
}

/** Throws `format.unknown` for bytes that are no such record. */
export function decodeReleaseRecord(bytes: Uint8Array): ReleaseRecord {
  try {
    const rest = restSchema.parse(JSON.parse(fromUtf8(bytes.subarray(2 * keyBytes))));
    return {
      privateKey: bytes.slice(0, keyBytes),
      recipeDigest: toHex(bytes.subarray(keyBytes, 2 * keyBytes)),
      participants: rest.map(([pseudonym, consentEpoch]) => ({ pseudonym, consentEpoch })),
    };
  } catch {
    throw new HandrailError('format.unknown', 'The key-tree leaf holds no release.');
  }
}
