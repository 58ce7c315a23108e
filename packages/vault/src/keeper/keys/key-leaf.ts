// What a leaf of the key tree holds: X25519 private keys, each by tier and UTC day for a
// participant's consent epoch, with how many there were before; or one for a release.
import { concatBytes } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';

/** `day` is a UTC day such as `2026-11-23`. */
export interface DayKeyName {
  readonly tier: 'raw' | 'trajectory';
  readonly day: string;
}

export interface PrivateDayKey extends DayKeyName {
  /** X25519, 32 bytes. */
  readonly privateKey: Uint8Array;
}

export interface DayKeyLeaf {
  readonly keys: readonly PrivateDayKey[];
  /** How many keys of this leaf were destroyed: it counts on in the rewrite that destroys them. */
  readonly shredded: number;
}

const keyBytes = 32;
const recordBytes = 1 + 4 + keyBytes;
const tierBytes = { raw: 1, trajectory: 2 } as const;
const shreddedByte = 3;
const dayMs = 86_400_000;

export function participantLeaf(pseudonym: string, consentEpoch: number): string {
  return `day-keys/${pseudonym}/${consentEpoch}`;
}

export function releaseLeaf(release: string): string {
  return `release/${release}`;
}

/** Number and digest of the newest list of releases. */
export const releaseListLeaf = 'release-list';

export function encodeDayKeys({ keys, shredded }: DayKeyLeaf): Uint8Array {
  const sorted = [...keys].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const counted =
    shredded === 0 ? [] : [recordOf(shreddedByte, shredded, new Uint8Array(keyBytes))];
  return concatBytes(...sorted.map(encodeDayKey), ...counted);
}

function encodeDayKey({ tier, day, privateKey }: PrivateDayKey): Uint8Array {
  if (privateKey.length !== keyBytes) {
    throw new HandrailError('usage.invalid', 'A private day key has 32 bytes.');
  }
  return recordOf(tierBytes[tier], Date.parse(day) / dayMs, privateKey);
}

function recordOf(kind: number, value: number, rest: Uint8Array): Uint8Array {
  const record = new Uint8Array(recordBytes);
  record[0] = kind;
  new DataView(record.buffer).setUint32(1, value);
  record.set(rest, recordBytes - keyBytes);
  return record;
}

/** Throws `format.unknown` for bytes that no such leaf has. */
export function decodeDayKeys(bytes: Uint8Array): DayKeyLeaf {
  if (bytes.length % recordBytes !== 0) throw unknown();
  const keys: PrivateDayKey[] = [];
  let shredded = 0;
  for (let at = 0; at < bytes.length; at += recordBytes) {
    const record = bytes.slice(at, at + recordBytes);
    const value = new DataView(record.buffer).getUint32(1);
    const tier = (['raw', 'trajectory'] as const).find((one) => tierBytes[one] === record[0]);
    if (record[0] === shreddedByte) shredded += value;
    else if (tier === undefined) throw unknown();
    else {
      const privateKey = record.subarray(recordBytes - keyBytes);
      keys.push({ tier, day: utcDay(value * dayMs), privateKey });
    }
  }
  return { keys, shredded };
}

/** The UTC day of Unix milliseconds. */
export function utcDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

export function sameDayKey(a: DayKeyName, b: DayKeyName): boolean {
  return a.tier === b.tier && a.day === b.day;
}

function nameOf({ tier, day }: DayKeyName): string {
  return `${day} ${tier}`;
}

function unknown(): HandrailError {
  return new HandrailError('format.unknown', 'The key-tree leaf holds no day keys.');
}
