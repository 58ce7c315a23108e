// `import`: a recording of another tool goes the way of one's own: redacted, sealed, uploaded.

import { Home } from '@handrail/agent/home/home';
import { importLog } from '@handrail/agent/import';
import { readRecording } from '../../home/recording.ts';
import type { Session } from '../../session.ts';
import type { ImportOptions } from './command.ts';

export async function run(
  { home, out }: Session,
  { format }: ImportOptions,
  file = '',
): Promise<number | undefined> {
  const { bytes, screen } = await readRecording(file);
  const work = importLog(new Home(home), bytes, format, screen);
  const outcome = await out.during('Importing', work);
  const { segments, events, rejected, waiting } = outcome;
  out.print({ segments, events, rejected: rejected.length, waiting }, [
    `${events} events in ${segments} sealed segments, ${rejected.length} lines rejected.`,
    waiting === 0
      ? 'They are handed in. When they are refined: handrail wait, handrail mine list'
      : `${waiting} segments are still here: run "handrail agent" once the server can be reached.`,
  ]);
  return waiting === 0 ? undefined : 3;
}
