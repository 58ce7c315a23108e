// `console`: a page on loopback for one home. What is read is opened in this process and shown from
// its memory; the server that it comes from sees ciphertext only.
import { once } from 'node:events';
import { Home } from '@handrail/agent/home/home';
import type { Session } from '../../session.ts';
import type { ConsoleOptions } from './command.ts';
import { openOwnersRoom, openPersonsRoom } from './rooms.ts';
import { startConsole } from './server.ts';

export async function run(session: Session, options: ConsoleOptions): Promise<undefined> {
  const { home, out } = session;
  const device = await new Home(home).deviceIfAny();
  const room = device ? await openOwnersRoom(home) : await openPersonsRoom(home, options.url);
  await using page = await startConsole(room, options.port);
  out.print({ url: page.url }, [`Open ${page.url}`, 'The address works once, on this computer.']);
  const stop = session.stopSignal();
  if (!stop.aborted) await once(stop, 'abort');
}
