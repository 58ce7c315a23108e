// What anyone is told: the programme, whether the server serves, and the ledger's files.
import { HandrailError } from '@handrail/core/errors';
import { publicRoutes } from '@handrail/core/wire';
import { sql } from 'kysely';
import type { ServerContext } from '../context.ts';
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
    forAnyone(publicRoutes.ledger, async ({ param }) => {
      const bytes = await ledger.files.readTile(param('*'));
      if (bytes === undefined)
        throw new HandrailError('not.found', 'There is no such ledger file.');
      return bytes;
    }),
  ];
}
