// `release build`: the vault builds it if the grant's approved bytes name this very recipe.
import { recipeSchema } from '@handrail/core/statement';
import { call, personRoutes } from '@handrail/core/wire';
import { openDesk } from '../../home/desk.ts';
import { finished } from '../../home/job.ts';
import { readJsonFile } from '../../home/json-file.ts';
import type { Session } from '../../session.ts';
import type { BuildOptions } from './command.ts';

export async function run(
  { home, out }: Session,
  options: BuildOptions,
  file = '',
): Promise<undefined> {
  const recipe = await readJsonFile(file, recipeSchema, 'recipe');
  const { client } = await openDesk(home, options.url);
  const body = { grant: options.grant, recipe };
  const { job, release: id } = await call(client, personRoutes.buildRelease, { body });
  if (!options.wait) {
    out.print({ id, job, state: 'building' }, [
      `${id} is being built: handrail release show ${id}`,
    ]);
    return;
  }
  const params = { id: job };
  await out.during(
    'Building',
    finished(() => call(client, personRoutes.job, { params })),
  );
  const facts = await call(client, personRoutes.release, { params: { id } });
  const { manifestDigest, rows } = facts;
  out.print({ id, manifestDigest, rows }, [
    `${id} is built: ${rows} rows, manifest ${manifestDigest}.`,
  ]);
}
