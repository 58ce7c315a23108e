// The private keys of the programme by what they are for. Keys leave it one job at a time; whoever
// gets one overwrites it after use.
import { HandrailError } from '@handrail/core/errors';
import {
  decodeListHead,
  decodeReleaseRecord,
  encodeListHead,
  encodeReleaseRecord,
  type ListHead,
  type ReleaseRecord,
} from '../releases/release-record.ts';
import {
  type DayKeyLeaf,
  type DayKeyName,
  decodeDayKeys,
  encodeDayKeys,
  type PrivateDayKey,
  participantLeaf,
  releaseLeaf,
  releaseListLeaf,
  sameDayKey,
} from './key-leaf.ts';
import { KeyTree } from './key-tree.ts';
import type { NodeStore } from './node-store.ts';

export const dayKeysPerLeafMax = 5_000;

export interface ParticipantEpoch {
  readonly pseudonym: string;
  readonly consentEpoch: number;
}

/** Which keys of an owner are to go. */
export type Going = (owner: ParticipantEpoch, name: DayKeyName) => boolean;

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
  /** The newest list of releases that this vault has signed; undefined before the first. */
  listHead(): Promise<ListHead | undefined>;
  putListHead(head: ListHead): Promise<void>;
  /** How many keys of `owners` are to go. */
  count(owners: readonly ParticipantEpoch[], going: Going): Promise<number>;
  /** Shreds those that are to go, in one rewrite; gives how many. */
  shred(owners: readonly ParticipantEpoch[], going: Going): Promise<number>;
  /** How many keys of `owner` were ever shredded. */
  shredded(owner: ParticipantEpoch): Promise<number>;
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
    shredRelease: (release) => tree.change([{ name: releaseLeaf(release), edit: () => undefined }]),
    listHead: async () => {
      const content = await tree.read(releaseListLeaf);
      return content && decodeListHead(content);
    },
    putListHead: (head) =>
      tree.change([{ name: releaseListLeaf, edit: () => encodeListHead(head) }]),
  };
}

type ForReleases = 'release' | 'putRelease' | 'shredRelease' | 'listHead' | 'putListHead';
type DayKeyring = Omit<Keyring, ForReleases>;

function dayKeysOf(tree: KeyTree): DayKeyring {
  const read = async (owner: ParticipantEpoch) => decoded(await tree.read(leafOf(owner)));
  const namesOf = async (owner: ParticipantEpoch) =>
    (await read(owner)).keys.map(({ tier, day, privateKey }) => {
      privateKey.fill(0);
      return { tier, day };
    });
  return {
    dayKey: async (owner, name) => {
      const { keys } = await read(owner);
      const found = keys.find((key) => sameDayKey(key, name))?.privateKey.slice();
      for (const { privateKey } of keys) privateKey.fill(0);
      return found;
    },
    dayKeyNames: namesOf,
    addDayKeys: (owner, keys) =>
      tree.change([{ name: leafOf(owner), edit: (old) => withDays(old, keys) }]),
    count: async (owners, going) => {
      let count = 0;
      for (const owner of owners) {
        count += (await namesOf(owner)).filter((name) => going(owner, name)).length;
      }
      return count;
    },
    shred: async (owners, going) => {
      let shredded = 0;
      const edits = owners.map((owner) => ({
        name: leafOf(owner),
        edit: (old: Uint8Array | undefined) => {
          const { count, content } = without(old, (name) => going(owner, name));
          shredded += count;
          return content;
        },
      }));
      await tree.change(edits);
      return shredded;
    },
    shredded: async (owner) => {
      const { keys, shredded } = await read(owner);
      for (const { privateKey } of keys) privateKey.fill(0);
      return shredded;
    },
  };
}

function decoded(content: Uint8Array | undefined): DayKeyLeaf {
  return content === undefined ? { keys: [], shredded: 0 } : decodeDayKeys(content);
}

function withDays(
  old: Uint8Array | undefined,
  added: readonly PrivateDayKey[],
): Uint8Array | undefined {
  const { keys: held, shredded } = decoded(old);
  const fresh = added.filter((key) => !held.some((other) => sameDayKey(other, key)));
  if (held.length + fresh.length > dayKeysPerLeafMax) {
    throw new HandrailError('storage.full', 'Shred old days: this consent epoch has too many.');
  }
  return fresh.length === 0 ? old : encodeDayKeys({ keys: [...held, ...fresh], shredded });
}

/** `old` itself when nothing goes. */
function without(old: Uint8Array | undefined, going: (name: DayKeyName) => boolean) {
  const { keys, shredded } = decoded(old);
  const kept = keys.filter((name) => !going(name));
  const count = keys.length - kept.length;
  if (count === 0) return { count, content: old };
  return { count, content: encodeDayKeys({ keys: kept, shredded: shredded + count }) };
}

function leafOf({ pseudonym, consentEpoch }: ParticipantEpoch): string {
  return participantLeaf(pseudonym, consentEpoch);
}
