// How this browser reaches the organisation: requests with a time limit, no cookies and no cache.
import { HandrailError } from '@handrail/core/errors';
import { randomBytes, type Signer } from '@handrail/core/seal';
import type { ClientContext, Transport } from '@handrail/core/wire';

const secondsMax = 30;
const replyBytesMax = 8 * 1024 * 1024;

export function clientOf(url: string, signer: Signer | undefined): ClientContext {
  return { transport: transportTo(url), signer, nowMs: Date.now, randomBytes };
}

function transportTo(url: string): Transport {
  return async ({ method, target, headers, body }) => {
    try {
      const reply = await fetch(new URL(target, url), {
        method,
        headers: { ...headers },
        ...(method === 'GET' ? {} : { body: new Uint8Array(body) }),
        redirect: 'error',
        credentials: 'omit',
        cache: 'no-store',
        signal: AbortSignal.timeout(secondsMax * 1000),
      });
      const bytes = new Uint8Array(await reply.arrayBuffer());
      if (bytes.length <= replyBytesMax) return { status: reply.status, body: bytes };
    } catch (cause) {
      const isLate = cause instanceof DOMException && cause.name === 'TimeoutError';
      const code = isLate ? 'timeout' : 'unreachable';
      throw new HandrailError(code, `${url} cannot be reached: is it running?`, { cause });
    }
    throw new HandrailError('input.too-large', 'The reply is too large.');
  };
}
