// What participants are told of the openings that concern them: boxes that the vault sealed. Each
// is asked for by its owner, and another's is answered like what does not exist.
import { fromUtf8, toBase64url } from '@handrail/core/bytes';
import { openingBoxName, tagKeySchema } from '@handrail/core/opening';
import { signedSchema } from '@handrail/core/statement';
import type { deviceRoutes, PayloadOf } from '@handrail/core/wire';
import type { ServerContext } from '../context.ts';
import type { ParticipantRow } from '../storage/tables.ts';

const signedTagKey = signedSchema(tagKeySchema);

type TaggedEntries = PayloadOf<typeof deviceRoutes.openings.body>['entries'];

/** One for each consent epoch for which the vault has made one. */
export async function tagKeysOf(
  { objects }: ServerContext,
  { pseudonym, consent_epoch: lastEpoch }: ParticipantRow,
) {
  const keys = [];
  for (let epoch = 1; epoch <= lastEpoch; epoch++) {
    const bytes = await objects.get(`tagkeys/${pseudonym}/${epoch}`);
    if (bytes) keys.push(signedTagKey.parse(JSON.parse(fromUtf8(bytes))));
  }
  return { keys };
}

export async function tellOpenings(
  { objects }: ServerContext,
  { pseudonym }: ParticipantRow,
  entries: TaggedEntries,
): Promise<{ boxes: (string | null)[] }> {
  const boxes = entries.map(async ({ tag, commitment }) => {
    const box = await objects.get(`openings/${pseudonym}/${openingBoxName(tag, commitment)}`);
    return box === undefined ? null : toBase64url(box);
  });
  return { boxes: await Promise.all(boxes) };
}
