// Sends one probe exactly as it is written: no address is tidied, and no status is an error.
import { Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { HandrailError } from '@handrail/core/errors';
import { randomBytes, type Signer } from '@handrail/core/seal';
import { signRequest } from '@handrail/core/wire';
import type { Answer } from './judge.ts';
import type { Way } from './way.ts';

const answerBytesMax = 8 * 1024 * 1024;
const answerMsMax = 25_000;
const triesMax = 12;
const tryAgainMs = 1_000;
export const atOnce = 8;

export type Ask = (way: Way, target: string, signer: Signer | undefined) => Promise<Answer>;

export interface Line extends Disposable {
  readonly ask: Ask;
}

/** Of this machine, and of nobody else on it: what probes fail at locks nobody out. */
const ownAddress = '127.0.0.13';

/** A line to the server at `url`. Asking throws `unreachable`, `timeout`. */
export function lineTo(url: string): Line {
  const { protocol, hostname, port } = new URL(url);
  const isSecure = protocol === 'https:';
  const keep = { keepAlive: true, maxSockets: atOnce };
  const agent = isSecure ? new SecureAgent(keep) : new PlainAgent(keep);
  const send = (way: Way, target: string, headers: Way['headers']) =>
    new Promise<Answer>((resolve, reject) => {
      const where = hostname === '127.0.0.1' ? { localAddress: ownAddress } : {};
      const what = { method: way.method, path: target, headers };
      const options = { hostname, port, agent, ...where, ...what };
      const sent = (isSecure ? secureRequest : plainRequest)(options, (reply) => {
        const parts: Buffer[] = [];
        let length = 0;
        reply.on('data', (part: Buffer) => {
          length += part.length;
          if (length <= answerBytesMax) parts.push(part);
        });
        reply.on('error', reject);
        reply.on('end', () => {
          resolve({ status: reply.statusCode ?? 0, body: new Uint8Array(Buffer.concat(parts)) });
        });
      });
      sent.setTimeout(answerMsMax, () => sent.destroy(new HandrailError('timeout', 'No answer.')));
      sent.on('error', reject);
      sent.end(way.body.length > 0 ? way.body : undefined);
    });
  return { ask: (way, target, signer) => patiently(send, way, target, signer), ...closing(agent) };
}

function closing(agent: { destroy(): void }): Disposable {
  return { [Symbol.dispose]: () => agent.destroy() };
}

async function patiently(
  send: (way: Way, target: string, headers: Way['headers']) => Promise<Answer>,
  way: Way,
  target: string,
  signer: Signer | undefined,
): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    const { method, body } = way;
    const length = body.length > 0 ? { 'content-length': String(body.length) } : {};
    const nowSeconds = Math.floor(Date.now() / 1000);
    const signed =
      signer && (await signRequest(signer, { method, target, body }, nowSeconds, randomBytes(16)));
    const answer = await send(way, target, { ...way.headers, ...length, ...signed });
    // Where nobody signs, too many tries are refused for long: that is an answer.
    const isBusy = answer.status === 429 && signer !== undefined && way.caller !== 'anyone';
    if (!isBusy || tries >= triesMax) return answer;
    await delay(tryAgainMs);
  }
}
