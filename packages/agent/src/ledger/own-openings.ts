// Who read my data: walks the entries that this device has not looked at yet, finds those with one
// of its own tags, and holds what it was told of them against what the ledger commits to.
import { fromBase64url, toBase64url } from '@handrail/core/bytes';
import {
  type Checkpoint,
  decodeEntry,
  type LedgerReader,
  readEntries,
} from '@handrail/core/ledger';
import {
  isAbout,
  isCommitted,
  readTagKey,
  readTelling,
  type TagKeyOwner,
  type TagScan,
  tagScan,
} from '@handrail/core/opening';
import { type ClientContext, call, deviceRoutes, openingsPerCallMax } from '@handrail/core/wire';
import type { Device } from '../home/home.ts';
import { emptyBook, type FoundOpening, type OpeningBook } from './opening-book.ts';

export interface OwnOpenings {
  readonly book: OpeningBook;
  /** Consent epochs whose tag key the server did not hand out as the vault signed it. */
  readonly epochsWithoutKey: readonly number[];
}

/** Looks at what is new since `book`, and asks again for what it was not told of. */
export async function ownOpenings(
  device: Device,
  client: ClientContext,
  reader: LedgerReader,
  checkpoint: Checkpoint,
  book: OpeningBook,
): Promise<OwnOpenings> {
  const keys = await tagKeysOf(device, client);
  const known = [...keys.keys()].every((epoch) => String(epoch) in book.next);
  // A key that came later may concern entries that were passed over.
  const start = known ? book : emptyBook;
  const scans = new Map<number, TagScan>();
  for (const [epoch, key] of keys) scans.set(epoch, tagScan(key, start.next[String(epoch)]));
  const found = [...start.found];
  const earlier = new Map(book.found.map((one) => [one.index, one]));
  for await (const { index, bytes } of readEntries(reader, checkpoint, start.size)) {
    const one = foundIn(index, bytes, scans);
    if (one !== undefined) found.push(earlier.get(index) ?? one);
  }
  const told = await askToldOf(device, client, found);
  const next = Object.fromEntries([...scans].map(([epoch, scan]) => [String(epoch), scan.next]));
  const { consentEpoch } = device.consent.payload;
  const epochs = Array.from({ length: consentEpoch }, (_, at) => at + 1);
  return {
    book: { v: 1, size: checkpoint.size, next, found: told },
    epochsWithoutKey: epochs.filter((epoch) => !keys.has(epoch)),
  };
}

/** By consent epoch; what the vault did not sign for this very participant is left out. */
async function tagKeysOf(
  device: Device,
  client: ClientContext,
): Promise<ReadonlyMap<number, Uint8Array>> {
  const { programme, pseudonym } = device;
  const readingKey = fromBase64url(device.readingKey);
  const keys = new Map<number, Uint8Array>();
  for (const signed of (await call(client, deviceRoutes.tagKeys, {})).keys) {
    const { consentEpoch } = signed.payload;
    const owner: TagKeyOwner = { programme, pseudonym, consentEpoch };
    const key = await readTagKey(signed, owner, device.vaultKey, readingKey);
    if (key !== undefined) keys.set(consentEpoch, key);
  }
  return keys;
}

function foundIn(
  index: number,
  bytes: Uint8Array,
  scans: ReadonlyMap<number, TagScan>,
): FoundOpening | undefined {
  for (const tag of tagsIn(bytes)) {
    for (const [consentEpoch, scan] of scans) {
      if (scan.find(tag) === undefined) continue;
      return { index, entry: toBase64url(bytes), tag, consentEpoch, told: { kind: 'withheld' } };
    }
  }
  return undefined;
}

/** An entry of a form that is not known here carries no tag that could be checked. */
function tagsIn(bytes: Uint8Array): readonly string[] {
  try {
    return decodeEntry(bytes).tags ?? [];
  } catch {
    return [];
  }
}

async function askToldOf(
  device: Device,
  client: ClientContext,
  found: readonly FoundOpening[],
): Promise<FoundOpening[]> {
  const open = found.filter(({ told }) => told.kind !== 'told');
  const answers = new Map<number, FoundOpening>();
  for (let from = 0; from < open.length; from += openingsPerCallMax) {
    const some = open.slice(from, from + openingsPerCallMax);
    const entries = some.map(({ tag, entry }) => {
      const { commitment = '' } = decodeEntry(fromBase64url(entry));
      return { tag, commitment };
    });
    const { boxes } = await call(client, deviceRoutes.openings, { body: { entries } });
    for (const [at, one] of some.entries()) {
      answers.set(one.index, await judged(device, one, boxes[at] ?? undefined));
    }
  }
  return found.map((one) => answers.get(one.index) ?? one);
}

async function judged(
  device: Device,
  found: FoundOpening,
  box: string | undefined,
): Promise<FoundOpening> {
  if (box === undefined) return { ...found, told: { kind: 'withheld' } };
  const { pseudonym } = device;
  const { tag, consentEpoch } = found;
  const telling = await readTelling(fromBase64url(box), tag, fromBase64url(device.readingKey));
  const entry = decodeEntry(fromBase64url(found.entry));
  const holds =
    telling !== undefined &&
    isCommitted(telling, entry) &&
    isAbout(telling, { pseudonym, consentEpoch });
  return { ...found, told: holds ? { kind: 'told', telling } : { kind: 'false' } };
}
