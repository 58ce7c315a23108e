// `import`: a recording of another tool goes the way of one's own: redacted, sealed, uploaded.
import { importLog } from '@handrail/agent/import';
import { Home } from '@handrail/agent/home/home';
import { readRecording } from '../../home/recording.ts';
import type { Session } from '../../session.ts';
import type { ImportOptions } from './command.ts';

export async function run(
  { home, out }: Session,
  { format }: ImportOptions,
  file = '',
): Promise<undefined> {
  const { bytes, screen } = await readRecording(file);
  const work = importLog(new Home(home), bytes, format, screen);
  const { segments, events, rejected } = await out.during('Importing', work);
  out.print({ segments, events, rejected }, [
    `${events} events in ${segments} sealed segments, ${rejected} lines rejected.`,
    'They are refined as soon as they are handed in: handrail wait, handrail mine list',
  ]);
}
