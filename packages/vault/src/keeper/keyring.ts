// The private keys of the programme by what they are for. Keys leave it one job at a time; whoever
// gets one overwrites it after use.
import { HandrailError } from '@handrail/core/errors';
import {
  type DayKeyName,
  decodeDayKeys,
  encodeDayKeys,
  type PrivateDayKey,
  participantLeaf,
  releaseLeaf,
  sameDayKey,
} from './key-leaf.ts';
import { KeyTree } from './key-tree.ts';
import type { NodeStore } from './node-store.ts';
import { decodeReleaseRecord, encodeReleaseRecord, type ReleaseRecord } from './release-record.ts';

export const dayKeysPerLeafMax = 5_000;

export interface ParticipantEpoch {
  readonly pseudonym: string;
  readonly consentEpoch: number;
}

/** By tier the first UTC day whose keys stay. */
export type FirstKeptDays = Readonly<Record<DayKeyName['tier'], string>>;

export interface Keyring {
  /** X25519 private key, or undefined when it was never made or is shredded. */
  dayKey(owner: ParticipantEpoch, name: DayKeyName): Promise<Uint8Array | undefined>;
  /** Which day keys there are; no key leaves. */
  dayKeyNames(owner: ParticipantEpoch): Promise<readonly DayKeyName[]>;
  /** Adds what is not there yet, in one rewrite; a key that exists is never replaced. */
  addDayKeys(owner: ParticipantEpoch, keys: readonly PrivateDayKey[]): Promise<void>;
  release(id: string): Promise<ReleaseRecord | undefined>;
  putRelease(id: string, record: ReleaseRecord): Promise<void>;
  shredRelease(release: string): Promise<void>;
  /** How many keys of each tier are from before a UTC day. */
  countBefore(owners: readonly ParticipantEpoch[], days: FirstKeptDays): Promise<number>;
  /** Shreds each tier's keys from before a UTC day; gives how many, in one rewrite. */
  shredBefore(owners: readonly ParticipantEpoch[], days: FirstKeptDays): Promise<number>;
  /** Shreds all keys of each of `owners`. */
  shred(owners: readonly ParticipantEpoch[]): Promise<void>;
}

export async function openKeyring(vaultFolder: string, store: NodeStore): Promise<Keyring> {
  const tree = await KeyTree.open(vaultFolder, store);
  return {
    ...dayKeysOf(tree),
    release: async (id) => {
      const content = await tree.read(releaseLeaf(id));
      return content && decodeReleaseRecord(content);
    },
    putRelease: (id, record) =>
      tree.change([{ name: releaseLeaf(id), edit: () => encodeReleaseRecord(record) }]),
    shredRelease: (release) => tree.change([gone(releaseLeaf(release))]),
    shred: (owners) => tree.change(owners.map((owner) => gone(leafOf(owner)))),
  };
}

type DayKeyring = Pick<
  Keyring,
  'dayKey' | 'dayKeyNames' | 'addDayKeys' | 'countBefore' | 'shredBefore'
>;

function dayKeysOf(tree: KeyTree): DayKeyring {
  const read = async (owner: ParticipantEpoch) => {
    const content = await tree.read(leafOf(owner));
    return content === undefined ? [] : decodeDayKeys(content);
  };
  const namesOf = async (owner: ParticipantEpoch) =>
    (await read(owner)).map(({ tier, day, privateKey }) => {
      privateKey.fill(0);
      return { tier, day };
    });
  return {
    dayKey: async (owner, name) => {
      const keys = await read(owner);
      const found = keys.find((key) => sameDayKey(key, name))?.privateKey.slice();
      for (const { privateKey } of keys) privateKey.fill(0);
      return found;
    },
    dayKeyNames: namesOf,
    addDayKeys: (owner, keys) =>
      tree.change([{ name: leafOf(owner), edit: (old) => withDays(old, keys) }]),
    countBefore: async (owners, days) => {
      let count = 0;
      for (const owner of owners) {
        count += (await namesOf(owner)).filter(({ tier, day }) => day < days[tier]).length;
      }
      return count;
    },
    shredBefore: async (owners, days) => {
      let shredded = 0;
      const edit = (old: Uint8Array | undefined) => {
        if (old === undefined) return undefined;
        const { count, content } = keptFrom(old, days);
        shredded += count;
        return content;
      };
      await tree.change(owners.map((owner) => ({ name: leafOf(owner), edit })));
      return shredded;
    },
  };
}

function withDays(
  old: Uint8Array | undefined,
  added: readonly PrivateDayKey[],
): Uint8Array | undefined {
  const held = old === undefined ? [] : decodeDayKeys(old);
  const fresh = added.filter((key) => !held.some((other) => sameDayKey(other, key)));
  if (held.length + fresh.length > dayKeysPerLeafMax) {
    throw new HandrailError('storage.full', 'Shred old days: this consent epoch has too many.');
  }
  return fresh.length === 0 ? old : encodeDayKeys([...held, ...fresh]);
}

/** Undefined when nothing is left; `old` itself when nothing goes. */
function keptFrom(old: Uint8Array, days: FirstKeptDays) {
  const held = decodeDayKeys(old);
  const kept = held.filter(({ tier, day }) => day >= days[tier]);
  const count = held.length - kept.length;
  const rest = kept.length === 0 ? undefined : encodeDayKeys(kept);
  return { count, content: count === 0 ? old : rest };
}

function gone(name: string) {
  return { name, edit: () => undefined };
}

function leafOf({ pseudonym, consentEpoch }: ParticipantEpoch): string {
  return participantLeaf(pseudonym, consentEpoch);
}
