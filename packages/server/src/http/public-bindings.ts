// What anyone is told: the programme, whether the server serves, and the ledger's files.
import { HandrailError } from '@handrail/core/errors';
import { publicRoutes } from '@handrail/core/wire';
import { sql } from 'kysely';
import { newestList, readObject } from '../catalog/objects.ts';
import type { ServerContext } from '../context.ts';
import { readingNonce } from '../reading/nonce.ts';
import { type Binding, forAnyone } from './binding.ts';

export function publicBindings(context: ServerContext): readonly Binding[] {
  const { db, ledger, config, programme } = context;
  return [
    forAnyone(publicRoutes.health, async () => {
      await sql`select 1`.execute(db);
      return { ok: true };
    }),
    forAnyone(publicRoutes.programme, async () => {
      const { programmeEpoch, halted, active, standing = null } = programme.inForce;
      const { charter, fingerprint, notice, decided } = programme.inForce;
      const manifest = active?.statement ?? null;
      const { vaultKey } = config;
      const { phase } = decided.standing;
      const now = { manifest, programmeEpoch, halted, standing, phase };
      const charters = [...decided.charters];
      return { charter, charters, vaultKey, fingerprint, notice, ...now };
    }),
    forAnyone(publicRoutes.readingNonce, () => readingNonce(db)),
    forAnyone(publicRoutes.releaseList, async () => found(await newestList(context))),
    forAnyone(publicRoutes.tombstone, async ({ param }) =>
      readObject(context, `tombstones/${param('digest')}`),
    ),
    forAnyone(publicRoutes.ledger, async ({ param }) =>
      found(await ledger.files.readTile(param('*'))),
    ),
  ];
}

function found(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes !== undefined) return bytes;
  throw new HandrailError('not.found', 'There is no such file.');
}
