// How a device reaches the organisation: plain HTTP requests with a time limit and a reply limit.

import { HandrailError } from '@handrail/core/errors';
import type { Signer } from '@handrail/core/seal';
import { randomBytes } from '@handrail/core/seal';
import type { ClientContext, Transport } from '@handrail/core/wire';

export const replyBytesMax = 512 * 1024 * 1024;

/** Sends to `url`. Rejects with `unreachable` or `timeout`. */
export function httpTransport(url: string, secondsMax = 30): Transport {
  return async (request) => {
    try {
      const reply = await fetch(new URL(request.target, url), {
        method: request.method,
        headers: { ...request.headers },
        ...(request.method === 'GET' ? {} : { body: Buffer.from(request.body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(secondsMax * 1000),
      });
      return { status: reply.status, body: await bodyWithin(reply, replyBytesMax) };
    } catch (cause) {
      throw transportError(cause, url);
    }
  };
}

export function clientOf(url: string, signer: Signer | undefined, secondsMax = 30): ClientContext {
  return {
    transport: httpTransport(url, secondsMax),
    signer,
    nowMs: Date.now,
    randomBytes,
  };
}

async function bodyWithin(reply: Response, bytesMax: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of reply.body ?? []) {
    length += part.length;
    if (length > bytesMax) throw new HandrailError('input.too-large', 'The reply is too large.');
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

function transportError(cause: unknown, url: string): HandrailError {
  if (cause instanceof HandrailError) return cause;
  if (cause instanceof DOMException && cause.name === 'TimeoutError') {
    return new HandrailError('timeout', `${url} did not answer in time.`, { cause });
  }
  return new HandrailError('unreachable', `${url} cannot be reached: is it running?`, { cause });
}
