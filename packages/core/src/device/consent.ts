// What a participant signs when they join or accept: the programme as it was shown to them.

import { sha256 } from '@noble/hashes/sha2.js';
import { toBase64url, toHex, utf8 } from '../bytes/index.ts';
import { idOf } from '../ids/index.ts';
import { randomBytes } from '../seal/index.ts';
import { type Consent, manifestHash } from '../statement/index.ts';
import type { Programme } from './programme.ts';

/** The device that joins, and when (ISO 8601, whole seconds). */
export interface Taking {
  /** Ed25519, 32 bytes. */
  readonly deviceKey: Uint8Array;
  /** X25519, 32 bytes. */
  readonly readingKey: Uint8Array;
  readonly at: string;
}

/** The first consent of a new participant, under a fresh pseudonym. */
export function consentTo(programme: Programme, { deviceKey, readingKey, at }: Taking): Consent {
  return {
    v: 1,
    kind: 'consent',
    programme: programme.charter.payload.programme,
    pseudonym: idOf('part', randomBytes(32)),
    consentEpoch: 1,
    at,
    device: idOf('dev', deviceKey),
    deviceKey: toBase64url(deviceKey),
    readingKey: toBase64url(readingKey),
    ...shownBy(programme),
  };
}

/** What a consent names of the programme that was shown. */
export function shownBy({ manifest, notice, fingerprint }: Programme) {
  return {
    manifest: manifest === null ? null : manifestHash(manifest.payload),
    notice: toHex(sha256(utf8(notice))),
    fingerprint,
  };
}
