// `canary`: exit status 0 only if the session was recorded and searched, and every gate held.
import { canaryLine, runCanary } from '../../canary/canary.ts';
import { rateLines } from '../../canary/rate/leak-rate.ts';
import type { Session } from '../../session.ts';
import { removeFolders } from '../../walk/folders.ts';
import type { CanaryCommandOptions } from './command.ts';

export async function run(session: Session, options: CanaryCommandOptions): Promise<number> {
  const { out } = session;
  const { count, mode, keep, plant: plantFile } = options;
  const signal = session.stopSignal();
  const result = await runCanary({ count, mode, keep, plantFile, out, signal });
  const { ok, folders, report, measured } = result;
  if (keep === undefined) await removeFolders(folders);
  const rates = measured?.rate;
  out.print(canaryLine(result, mode), [
    '',
    ...(rates === undefined
      ? ['Nothing was measured.']
      : [
          `Recovered of what was planted, mode ${mode}, with the 95 % interval:`,
          ...rateLines([...rates.classes, ...rates.inlets, rates.all]),
        ]),
    '',
    ...report.table(),
    '',
    ok ? 'Every check held.' : 'Not every check held.',
    keep === undefined ? 'All that was written is removed.' : `All is in ${folders.root}.`,
  ]);
  return ok ? 0 : 1;
}
