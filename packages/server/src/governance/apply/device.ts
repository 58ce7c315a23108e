// A device that is ended: its key may withdraw and erase, and nothing else.
import type { DeviceRevocation, Signed } from '@handrail/core/statement';
import type { Application } from './apply-statement.ts';

export const deviceChanges = { 'device-revocation': applyRevocation } as const;

async function applyRevocation(
  { transaction }: Application,
  { payload: { pseudonym } }: Signed<DeviceRevocation>,
): Promise<void> {
  const whose = await transaction
    .selectFrom('participant')
    .select('device_key as key')
    .where('pseudonym', '=', pseudonym)
    .executeTakeFirst();
  if (whose === undefined) return;
  await transaction
    .insertInto('stopped_key')
    .values({ key: whose.key, why: 'device-lost' })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
