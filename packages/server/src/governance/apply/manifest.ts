// The newest manifest is active, and those before it are replaced.
import { fromHex } from '@handrail/core/bytes';
import { idOf } from '@handrail/core/ids';
import { type ManifestStatement, manifestHash, type Signed } from '@handrail/core/statement';
import type { Application } from './apply-statement.ts';

export const manifestChanges = { manifest: applyManifest } as const;

export function manifestId(hash: string): string {
  return idOf('man', fromHex(hash));
}

async function applyManifest(
  { transaction }: Application,
  statement: Signed<ManifestStatement>,
): Promise<void> {
  const hash = manifestHash(statement.payload);
  const { number } = statement.payload;
  await transaction
    .updateTable('manifest')
    .set({ state: 'replaced' })
    .where('number', '<', number)
    .where('state', '!=', 'replaced')
    .execute();
  const text = JSON.stringify(statement);
  await transaction
    .insertInto('manifest')
    .values({ hash, id: manifestId(hash), number, state: 'active', statement: text })
    .onConflict((conflict) =>
      conflict.column('hash').doUpdateSet({ state: 'active', statement: text }),
    )
    .execute();
}
