// What participants were told of openings goes some time after all that was theirs: long enough for
// them to fetch the last of it, and not kept beside their pseudonym for ever.
import { erasureCertificateSchema, signedSchema } from '@handrail/core/statement';
import type { ServerContext } from '../context.ts';

/** Counted from the vault's certificate that their keys are destroyed. */
export const tellingDays = 30;
const dayMs = 86_400_000;

const signedCertificate = signedSchema(erasureCertificateSchema);

/** Gives how many boxes went. Whoever takes part again keeps theirs. */
export async function deleteTellings(
  { db, objects }: Pick<ServerContext, 'db' | 'objects'>,
  nowMs: number,
): Promise<number> {
  const gone = await db
    .selectFrom('certificate')
    .innerJoin('participant', 'participant.pseudonym', 'certificate.pseudonym')
    .select(['certificate.pseudonym', 'certificate.statement'])
    .where('participant.state', '!=', 'active')
    .whereRef('certificate.consent_epoch', '=', 'participant.left_epoch')
    .execute();
  let deleted = 0;
  for (const { pseudonym, statement } of gone) {
    const { at } = signedCertificate.parse(JSON.parse(statement)).payload;
    if (nowMs < Date.parse(at) + tellingDays * dayMs) continue;
    for await (const key of objects.list(`openings/${pseudonym}/`)) {
      await objects.delete(key);
      deleted += 1;
    }
  }
  return deleted;
}
