// `witness`: runs until it is told to stop.
import { once } from 'node:events';
import type { Session } from '../../session.ts';
import { startWitness } from '../../witness/witness.ts';
import type { WitnessOptions } from './command.ts';

export async function run(session: Session, options: WitnessOptions): Promise<undefined> {
  const { key: keyFile, state: stateFile, log: logs, port } = options;
  const stop = session.stopSignal();
  const { url, verifierLine, close } = await startWitness({ keyFile, stateFile, port, logs });
  session.out.print({ url, verifierLine }, [`Witness at ${url}`, `Pin it as: ${verifierLine}`]);
  if (!stop.aborted) await once(stop, 'abort');
  await close();
}
