// `release notices`: of all that this home has exported, what must not be used any more.
import { judgeRelease } from '@handrail/core/statement';
import { type ClientContext, call, type ModelView, personRoutes } from '@handrail/core/wire';
import { openDesk } from '../../home/desk.ts';
import { type Fetched, fetchedExports } from '../../home/exports.ts';
import { newestList } from '../../home/release-list.ts';
import type { Session } from '../../session.ts';
import { standingWords } from './check.ts';
import type { ReleaseOptions } from './command.ts';
import { modelLine } from './model.ts';

export async function run({ home, out }: Session, options: ReleaseOptions): Promise<number> {
  const fetched = await fetchedExports(home);
  if (fetched.length === 0) {
    out.print({ notices: [] }, ['This home has exported nothing.']);
    return 0;
  }
  const { client, charter, vaultKey } = await openDesk(home, options.url);
  const reading = newestList(client, charter, vaultKey);
  const { list } = await out.during('Reading the ledger', reading);
  const notices = fetched.flatMap((one) => {
    const verdict = judgeRelease(list, one);
    return verdict.kind === 'good' ? [] : [{ ...one, verdict }];
  });
  const models = await openModels(client, notices);
  const lines = notices.flatMap(({ verdict, ...one }) => [
    fileWords(one),
    ...(verdict.kind === 'superseded' ? verdict.chain.map((at) => `  ${standingWords(at)}`) : []),
  ]);
  lines.push(...models.map(modelLine));
  out.print(
    { notices, models },
    lines.length > 0 ? lines : ['All that was exported here still stands.'],
  );
  return notices.length === 0 ? 0 : 1;
}

/** Of all that was exported and must not be used any more, the models that wait for a decision. */
async function openModels(client: ClientContext, superseded: readonly Fetched[]) {
  const open: ModelView[] = [];
  for (const id of new Set(superseded.map(({ release }) => release))) {
    const { models } = await call(client, personRoutes.models, { params: { id } });
    open.push(...models.filter((one) => one.open));
  }
  return open;
}

function fileWords({ file, release, at }: Fetched): string {
  return `${file} (${release}, exported ${at}): delete it and what was made of it, or retrain.`;
}
