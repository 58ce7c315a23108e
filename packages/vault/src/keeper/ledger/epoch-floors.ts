// The floors under which nothing opens any more, however the ledger is shown later: consent epochs
// that were withdrawn or erased, per pseudonym, the programme's epoch, and the numbers of its
// charter and policies. They only rise.
import { join } from 'node:path';
import { fromUtf8, utf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { z } from 'zod';
import { readPrivate, replacePrivate } from '../folder/private-file.ts';

const floorsSchema = z.strictObject({
  v: z.literal(1),
  programmeEpoch: z.int().min(1),
  /** Last withdrawn or erased consent epoch by pseudonym. */
  consent: z.record(z.string(), z.int().min(1)),
  /** Numbers of the newest charter and policies that were in force. */
  charter: z.int().min(0).default(0),
  policy: z.int().min(0).default(0),
});

export interface EpochFloors {
  readonly programmeEpoch: number;
  readonly consent: ReadonlyMap<string, number>;
  readonly charter: number;
  readonly policy: number;
}

export const noFloors: EpochFloors = {
  programmeEpoch: 1,
  consent: new Map(),
  charter: 0,
  policy: 0,
};

const floorsPath = (folder: string) => join(folder, 'epoch-floors.json');

/** Throws `storage.broken`: a keeper that forgot its floors must not start. */
export async function readFloors(folder: string): Promise<EpochFloors> {
  const bytes = await readPrivate(floorsPath(folder));
  if (bytes === undefined) return noFloors;
  try {
    const { v: _v, consent, ...numbers } = floorsSchema.parse(JSON.parse(fromUtf8(bytes)));
    return { ...numbers, consent: new Map(Object.entries(consent)) };
  } catch (cause) {
    throw new HandrailError('storage.broken', `${floorsPath(folder)} is damaged.`, { cause });
  }
}

/** Durable when it returns. */
export async function writeFloors(folder: string, floors: EpochFloors): Promise<void> {
  const { consent, ...numbers } = floors;
  const text = JSON.stringify({ v: 1, ...numbers, consent: Object.fromEntries(consent) });
  await replacePrivate(floorsPath(folder), utf8(text));
}

/** Both at once: the higher floor of each. */
export function raised(a: EpochFloors, b: EpochFloors): EpochFloors {
  const consent = new Map(a.consent);
  for (const [pseudonym, epoch] of b.consent) {
    consent.set(pseudonym, Math.max(epoch, consent.get(pseudonym) ?? 0));
  }
  return {
    programmeEpoch: Math.max(a.programmeEpoch, b.programmeEpoch),
    consent,
    charter: Math.max(a.charter, b.charter),
    policy: Math.max(a.policy, b.policy),
  };
}

export function sameFloors(a: EpochFloors, b: EpochFloors): boolean {
  return (
    a.programmeEpoch === b.programmeEpoch &&
    a.charter === b.charter &&
    a.policy === b.policy &&
    a.consent.size === b.consent.size &&
    [...a.consent].every(([pseudonym, epoch]) => b.consent.get(pseudonym) === epoch)
  );
}
