// `release verify`: the published manifest must stand in the signed ledger; --rebuild has the vault
// build it again and compare every byte.
import { HandrailError } from '@handrail/core/errors';
import { type ClientContext, call, personRoutes } from '@handrail/core/wire';
import { openDesk } from '../../home/desk.ts';
import { finished } from '../../home/job.ts';
import { digestsOf } from '../../home/ledger.ts';
import type { Session } from '../../session.ts';
import type { VerifyOptions } from './command.ts';

export async function run(
  { home, out }: Session,
  options: VerifyOptions,
  id = '',
): Promise<number> {
  const { client, charter } = await openDesk(home, options.url);
  const { manifestDigest, grant } = await call(client, personRoutes.release, { params: { id } });
  if (manifestDigest === undefined) {
    throw new HandrailError('state.conflict', `${id} is not published: there is nothing to check.`);
  }
  const reading = digestsOf(client, charter, 'release.published');
  const inLedger = (await out.during('Reading the ledger', reading)).includes(manifestDigest);
  const rebuilt = options.rebuild
    ? await out.during('Building again', rebuild(client, id, grant, options.workers))
    : undefined;
  const ok = inLedger && rebuilt !== false;
  out.print({ id, ok, manifestDigest, inLedger, ...(rebuilt === undefined ? {} : { rebuilt }) }, [
    `Manifest ${manifestDigest} ${inLedger ? 'stands' : 'does not stand'} in the ledger.`,
    ...(rebuilt === undefined
      ? []
      : [`Built again: ${rebuilt ? 'the same bytes' : 'other bytes'}.`]),
  ]);
  return ok ? 0 : 1;
}

async function rebuild(client: ClientContext, id: string, grant: string, workers: number) {
  const body = { grant, workers };
  const { job } = await call(client, personRoutes.rebuildRelease, { params: { id }, body });
  const params = { id: job };
  const done = await finished(() => call(client, personRoutes.job, { params }));
  return done.facts?.same === true;
}
