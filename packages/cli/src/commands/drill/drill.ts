// `drill`: exit status 0 only if every promise that is claimed here was seen to hold.
import { runDrill } from '../../drill/drill.ts';
import type { Judged } from '../../drill/promises.ts';
import type { Session } from '../../session.ts';
import { removeFolders } from '../../walk/folders.ts';
import { resultLine } from '../../walk/walk.ts';
import type { DrillCommandOptions } from './command.ts';

export async function run(session: Session, options: DrillCommandOptions): Promise<number> {
  const { out } = session;
  const signal = session.stopSignal();
  const result = await runDrill({ keep: options.keep, out, signal });
  const { ok, folders, report, promises } = result;
  const isKept = options.keep !== undefined || !ok;
  if (!isKept) await removeFolders(folders);
  out.print({ ...resultLine(result), promises }, [
    '',
    ...report.table(),
    '',
    'What is promised, on one machine:',
    ...promises.map(lineOf),
    '',
    ok
      ? `Every promise that is claimed here held, in ${report.figures.totalSeconds} s.`
      : `Not every promise held (${report.figures.totalSeconds} s).`,
    isKept ? `All that was written is in ${folders.root}.` : 'All that was written is removed.',
  ]);
  return ok ? 0 : 1;
}

function lineOf({ promise, verdict, because }: Judged): string {
  const why = verdict === 'broken' ? `: ${because.join('; ') || 'nothing was seen of it'}` : '';
  return `  ${verdict.padEnd(16)}  ${promise}${why}`;
}
