// Day keys are asked for long before they run out: whenever a device asks for its lease or its
// keys, and every hour for everyone who takes part.
import { type DayKey, dayKeySchema, type Signed, signedSchema } from '@handrail/core/statement';
import type { ServerContext } from '../context.ts';
import type { ParticipantRow } from '../storage/tables.ts';
import { dayOf, instantOf } from './instant.ts';

const dayMs = 86_400_000;
/** Fewer days of keys than this left, and the vault is asked for more. */
export const keyDaysMin = 7;
const keysListedMax = 100;
const signedKey = signedSchema(dayKeySchema);

type Owner = Pick<ParticipantRow, 'pseudonym' | 'consent_epoch' | 'state'>;

/** Raw keys from today on. */
export async function dayKeysOf(
  context: ServerContext,
  participant: ParticipantRow,
): Promise<{ keys: Signed<DayKey>[] }> {
  await askForDayKeys(context, participant);
  const rows = await rawKeysFromToday(context, participant)
    .select('statement')
    .orderBy('day')
    .limit(keysListedMax)
    .execute();
  return { keys: rows.map(({ statement }) => signedKey.parse(JSON.parse(statement))) };
}

/** Asks the vault for more where too few are left, once at a time. */
export async function askForDayKeys(context: ServerContext, owner: Owner): Promise<void> {
  if (owner.state !== 'active') return;
  const { pseudonym, consent_epoch: consentEpoch } = owner;
  const left = await rawKeysFromToday(context, owner)
    .select((select) => select.fn.countAll().as('days'))
    .executeTakeFirstOrThrow();
  if (Number(left.days) >= keyDaysMin) return;
  const { db, jobs } = context;
  await db.transaction().execute(async (transaction) => {
    const open = await transaction
      .selectFrom('job')
      .select('id')
      .where('pseudonym', '=', pseudonym)
      .where('kind', '=', 'issue-keys')
      .where('state', 'in', ['waiting', 'running'])
      .executeTakeFirst();
    if (open) return;
    await jobs.enqueue(transaction, [{ job: { kind: 'issue-keys', pseudonym, consentEpoch } }]);
  });
  jobs.wake();
}

/** For everyone whose consent is still fresh: the vault makes no keys for others. */
export async function topUpDayKeys(context: ServerContext): Promise<void> {
  const { db, charter, nowMs } = context;
  const freshMs = charter.payload.consentFreshDaysMax * dayMs;
  const owners = await db
    .selectFrom('participant')
    .select(['pseudonym', 'consent_epoch', 'state'])
    .where('state', '=', 'active')
    .where('consent_at', '>', instantOf(nowMs() - freshMs))
    .execute();
  for (const owner of owners) await askForDayKeys(context, owner);
}

function rawKeysFromToday({ db, nowMs }: ServerContext, owner: Owner) {
  return db
    .selectFrom('day_key')
    .where('pseudonym', '=', owner.pseudonym)
    .where('consent_epoch', '=', owner.consent_epoch)
    .where('tier', '=', 'raw')
    .where('day', '>=', dayOf(nowMs()));
}
