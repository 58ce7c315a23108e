// `demo`: exit status 0 only if every check held.
import { rateLines } from '../../canary/rate/leak-rate.ts';
import { runDemo } from '../../demo/demo.ts';
import type { Session } from '../../session.ts';
import { removeFolders } from '../../walk/folders.ts';
import { resultLine } from '../../walk/walk.ts';
import type { DemoCommandOptions } from './command.ts';

export async function run(session: Session, options: DemoCommandOptions): Promise<number> {
  const { out } = session;
  const result = await runDemo({
    keep: options.keep,
    plantFile: options.plant,
    out,
    signal: session.stopSignal(),
  });
  const { ok, folders, report, measured } = result;
  const isKept = options.keep !== undefined || !ok;
  if (!isKept) await removeFolders(folders);
  out.print(resultLine(result), [
    '',
    ...report.table(),
    '',
    ...(measured === undefined
      ? []
      : [
          'The leak rate: recovered of what was planted, by class (95 % interval):',
          ...rateLines([...measured.rate.classes, measured.rate.all]),
          '',
        ]),
    ok
      ? `Every check held, in ${report.figures.totalSeconds} s.`
      : `Not every check held (${report.figures.totalSeconds} s).`,
    isKept ? `All that was written is in ${folders.root}.` : 'All that was written is removed.',
    'With --keep DIR you can look: said/ (what each command said), opened/ (what owner and',
    'researcher could open), exports/ (sealed), organisation/ (sealed, and the ledger).',
    '',
    'To record your own desktop, with yourself in every role:',
    '  npx handrail up                              prints an address and an invite',
    '  npx handrail join URL --invite CODE --name YOU',
    '  npx handrail agent                           records, visibly, until you stop it',
  ]);
  return ok ? 0 : 1;
}
