// How the command line speaks to the running agent, if there is one.
import { fromUtf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { readFileIfAny } from '../home/files.ts';
import type { Home } from '../home/home.ts';
import {
  type Address,
  addressSchema,
  type Command,
  type CommandReply,
  commandReplySchema,
  type Status,
  statusSchema,
} from './protocol.ts';

const secondsMax = 20;

/** The running agent's status, or undefined when none runs for this home. */
export async function askStatus(home: Home): Promise<Status | undefined> {
  const reply = await ask(home, '/status', undefined);
  return reply === undefined ? undefined : statusSchema.parse(reply);
}

/** The running agent's answer, or undefined when none runs for this home. */
export async function sendCommand(home: Home, command: Command): Promise<CommandReply | undefined> {
  const reply = await ask(home, '/command', command);
  return reply === undefined ? undefined : commandReplySchema.parse(reply);
}

async function ask(home: Home, path: string, command: Command | undefined): Promise<unknown> {
  const address = await addressOf(home);
  if (address === undefined) return undefined;
  try {
    const reply = await fetch(`http://127.0.0.1:${address.port}${path}`, {
      method: command ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${address.token}` },
      ...(command ? { body: JSON.stringify(command) } : {}),
      signal: AbortSignal.timeout(secondsMax * 1000),
    });
    if (reply.status === 403) return undefined;
    return await reply.json();
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'TimeoutError') {
      throw new HandrailError('timeout', 'The agent does not answer: stop it and start it again.');
    }
    return undefined;
  }
}

async function addressOf(home: Home): Promise<Address | undefined> {
  const bytes = await readFileIfAny(home.path('control.json'));
  if (bytes === undefined) return undefined;
  return addressSchema.safeParse(JSON.parse(fromUtf8(bytes))).data;
}
