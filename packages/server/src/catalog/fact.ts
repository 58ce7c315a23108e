// What the server is told and has to remember, apart from statements and segments. Facts are
// applied in order and may be applied again.
import {
  dayKeySchema,
  erasureCertificateSchema,
  grantDigest,
  grantSchema,
  haltSchema,
  holdWordSchema,
  manifestHash,
  manifestSchema,
  signedSchema,
  statementDigest,
} from '@handrail/core/statement';
import { releaseFactsSchema, vaultRoutes } from '@handrail/core/wire';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import { applyBystanderFact, bystanderFacts } from '../governance/apply/bystander.ts';
import { applyPendingHold } from '../governance/apply/hold.ts';
import { manifestId } from '../governance/apply/manifest.ts';
import { signedDecision } from '../governance/charters.ts';
import { applyIdentityFact, identityFacts } from '../identity/facts.ts';
import type { Tables } from '../storage/tables.ts';

export const factSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('name'), pseudonym: z.string(), name: z.string() }),
  z.strictObject({ kind: z.literal('manifest'), statement: signedSchema(manifestSchema) }),
  z.strictObject({ kind: z.literal('pending-resume'), statement: signedSchema(haltSchema) }),
  z.strictObject({ kind: z.literal('pending-decision'), statement: signedDecision }),
  z.strictObject({ kind: z.literal('pending-hold'), statement: signedSchema(holdWordSchema) }),
  z.strictObject({ kind: z.literal('grant'), statement: signedSchema(grantSchema) }),
  z.strictObject({ kind: z.literal('day-keys'), keys: z.array(signedSchema(dayKeySchema)) }),
  z.strictObject({ kind: z.literal('nodes'), ...vaultRoutes.putNodes.body.shape }),
  z.strictObject({
    kind: z.literal('refined'),
    /** Whose: the segments' rows may be gone when this is applied again. */
    pseudonym: z.string(),
    consentEpoch: z.int(),
    ...vaultRoutes.refined.body.shape,
  }),
  z.strictObject({
    kind: z.literal('certificate'),
    statement: signedSchema(erasureCertificateSchema),
  }),
  z.strictObject({ kind: z.literal('release'), facts: releaseFactsSchema }),
  z.strictObject({ kind: z.literal('release-list'), number: z.int().min(1) }),
  ...bystanderFacts,
  ...identityFacts,
]);
export type Fact = z.infer<typeof factSchema>;

type FactOf<K extends Fact['kind']> = Extract<Fact, { kind: K }>;

export async function applyFact(transaction: Transaction<Tables>, fact: Fact): Promise<void> {
  switch (fact.kind) {
    case 'name':
      await transaction
        .updateTable('participant')
        .set({ name: fact.name })
        .where('pseudonym', '=', fact.pseudonym)
        .where('state', '=', 'active')
        .execute();
      return;
    case 'manifest':
      return applyPending(transaction, fact);
    case 'pending-resume':
      return applyPendingResume(transaction, fact);
    case 'pending-decision':
      return applyPendingDecision(transaction, fact);
    case 'pending-hold':
      return applyPendingHold(transaction, fact.statement);
    case 'grant':
      return applyGrant(transaction, fact);
    case 'day-keys':
      return applyDayKeys(transaction, fact);
    case 'nodes':
      return applyNodes(transaction, fact);
    case 'refined':
      return applyRefined(transaction, fact);
    case 'certificate':
      return applyCertificate(transaction, fact);
    case 'release':
      return applyRelease(transaction, fact);
    case 'release-list':
      return applyReleaseList(transaction, fact);
    case 'bystander-request':
    case 'pending-bystander':
    case 'bystander-removed':
    case 'bystander-refused':
      return applyBystanderFact(transaction, fact);
    case 'login-link':
    case 'login-ended':
    case 'key-stopped':
      return applyIdentityFact(transaction, fact);
  }
}

async function applyPending(
  transaction: Transaction<Tables>,
  { statement }: FactOf<'manifest'>,
): Promise<void> {
  const hash = manifestHash(statement.payload);
  const text = JSON.stringify(statement);
  const { number } = statement.payload;
  await transaction
    .insertInto('manifest')
    .values({ hash, id: manifestId(hash), number, state: 'pending', statement: text })
    .onConflict((conflict) =>
      conflict
        .column('hash')
        .doUpdateSet({ statement: text })
        .where('manifest.state', '=', 'pending'),
    )
    .execute();
}

/** Only the one that would follow the halt that stands now. */
async function applyPendingResume(
  transaction: Transaction<Tables>,
  { statement }: FactOf<'pending-resume'>,
): Promise<void> {
  const epoch = await transaction
    .selectFrom('fact')
    .select('value')
    .where('name', '=', 'programmeEpoch')
    .executeTakeFirst();
  if (Number(epoch?.value ?? 1) + 1 !== statement.payload.programmeEpoch) return;
  const value = JSON.stringify(statement);
  await transaction
    .insertInto('fact')
    .values({ name: 'pendingResume', value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}

async function applyPendingDecision(
  transaction: Transaction<Tables>,
  { statement }: FactOf<'pending-decision'>,
): Promise<void> {
  const text = JSON.stringify(statement);
  await transaction
    .insertInto('pending_decision')
    .values({ digest: statementDigest(statement), statement: text })
    .onConflict((conflict) => conflict.column('digest').doUpdateSet({ statement: text }))
    .execute();
}

async function applyGrant(
  transaction: Transaction<Tables>,
  { statement }: FactOf<'grant'>,
): Promise<void> {
  const grant = statement.payload;
  await transaction
    .insertInto('grant_request')
    .values({
      id: grant.id,
      holder: grant.holder,
      digest: grantDigest(grant),
      statement: JSON.stringify(statement),
      revoked: false,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function applyDayKeys(
  transaction: Transaction<Tables>,
  { keys }: FactOf<'day-keys'>,
): Promise<void> {
  if (keys.length === 0) return;
  const rows = keys.map((signed) => ({
    public_key: signed.payload.publicKey,
    pseudonym: signed.payload.pseudonym,
    consent_epoch: signed.payload.consentEpoch,
    tier: signed.payload.tier,
    day: signed.payload.day,
    statement: JSON.stringify(signed),
  }));
  await transaction
    .insertInto('day_key')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function applyNodes(
  transaction: Transaction<Tables>,
  { put, drop }: FactOf<'nodes'>,
): Promise<void> {
  const rows = Object.entries(put).map(([name, value]) => ({ name, value }));
  if (rows.length > 0) {
    await transaction
      .insertInto('node')
      .values(rows)
      .onConflict((conflict) =>
        conflict.column('name').doUpdateSet((set) => ({ value: set.ref('excluded.value') })),
      )
      .execute();
  }
  if (drop.length > 0) {
    await transaction.deleteFrom('node').where('name', 'in', drop).execute();
  }
}

async function applyRefined(
  transaction: Transaction<Tables>,
  { segments, trajectories, job, pseudonym, consentEpoch }: FactOf<'refined'>,
): Promise<void> {
  for (const { id, state, reason } of segments) {
    await transaction
      .updateTable('segment')
      .set({ state, reason: reason ?? null, job })
      .where('id', '=', id)
      // A job that runs twice says of what it has refined already that it takes it no more. What
      // was released from quarantine may be told as refined before its release is applied again.
      .where('state', 'in', state === 'refined' ? ['accepted', 'quarantined'] : ['accepted'])
      .execute();
  }
  for (const { facts, segments: ids } of trajectories) {
    await transaction
      .insertInto('trajectory')
      .values({
        pseudonym,
        consent_epoch: consentEpoch,
        id: facts.id,
        day: facts.day,
        actions: facts.actions,
        contexts: JSON.stringify(facts.contexts),
        removed: false,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await transaction
      .insertInto('trajectory_segment')
      .values(ids.map((segment) => ({ trajectory: facts.id, segment })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

async function applyCertificate(
  transaction: Transaction<Tables>,
  { statement }: FactOf<'certificate'>,
): Promise<void> {
  const { pseudonym, consentEpoch } = statement.payload;
  const text = JSON.stringify(statement);
  await transaction
    .insertInto('certificate')
    .values({ pseudonym, consent_epoch: consentEpoch, statement: text })
    .onConflict((conflict) =>
      conflict.columns(['pseudonym', 'consent_epoch']).doUpdateSet({ statement: text }),
    )
    .execute();
}

async function applyRelease(
  transaction: Transaction<Tables>,
  { facts }: FactOf<'release'>,
): Promise<void> {
  const text = JSON.stringify(facts);
  await transaction
    .insertInto('release')
    .values({ id: facts.id, grant_id: facts.grant, facts: text })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ facts: text }))
    .execute();
}

export const newestListFact = 'releaseList';

async function applyReleaseList(
  transaction: Transaction<Tables>,
  { number }: FactOf<'release-list'>,
): Promise<void> {
  const name = newestListFact;
  const row = await transaction
    .selectFrom('fact')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst();
  const value = String(Math.max(number, Number(row?.value ?? 0)));
  await transaction
    .insertInto('fact')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}
