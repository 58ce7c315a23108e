// How the keeper's calls travel: HTTP to the one server, each with a time limit and a largest
// reply.
import { HandrailError } from '@handrail/core/errors';
import type { Transport } from '@handrail/core/wire';

export const callSecondsMax = 120;
export const replyBytesMax = 1024 * 1024 * 1024;

export function httpTransport(serverUrl: string): Transport {
  const base = serverUrl.replace(/\/+$/, '');
  return async ({ method, target, headers, body }) => {
    try {
      const reply = await fetch(`${base}${target}`, {
        method,
        headers: { ...headers },
        redirect: 'error',
        signal: AbortSignal.timeout(callSecondsMax * 1000),
        ...(method === 'GET' ? {} : { body: new Uint8Array(body) }),
      });
      return { status: reply.status, body: await limited(reply) };
    } catch (cause) {
      if (cause instanceof HandrailError) throw cause;
      const late = cause instanceof Error && cause.name === 'TimeoutError';
      if (late) throw new HandrailError('timeout', 'The server took too long.', { cause });
      throw new HandrailError('unreachable', 'The server cannot be reached.', { cause });
    }
  };
}

async function limited(reply: Response): Promise<Uint8Array> {
  if (reply.body === null) return new Uint8Array();
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of reply.body) {
    length += part.length;
    if (length > replyBytesMax) {
      throw new HandrailError('input.too-large', 'The server answered more than a keeper takes.');
    }
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
