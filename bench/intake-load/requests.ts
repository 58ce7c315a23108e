// Real hand-ins: sealed segments, each signed by its device, as requests that are ready to send.
import { Agent, request as httpRequest } from 'node:http';
import { randomBytes } from '@handrail/core/seal';
import { signRequest } from '@handrail/core/wire';
import {
  activateManifest,
  headerOf,
  issueKeys,
  joinAs,
  type Participant,
  type SampleProgramme,
  sealed,
} from '@handrail/testbed/sample-programme';

export interface ReadySegment {
  readonly path: string;
  readonly device: Participant;
  readonly body: Uint8Array;
}

export interface ReadyRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** `count` segments of about `bytes` bytes from `devices` fresh participants, in order. */
export async function makeSegments(
  url: string,
  sample: SampleProgramme,
  count: number,
  devices: number,
  bytes: number,
): Promise<readonly ReadySegment[]> {
  const manifest = await activateManifest(url, sample);
  const people: { readonly device: Participant; readonly sealedTo: string }[] = [];
  for (let at = 0; at < devices; at++) {
    const device = await joinAs(url, sample, manifest);
    people.push({ device, sealedTo: await issueKeys(url, sample, device) });
  }
  const segments: ReadySegment[] = [];
  for (let at = 0; at < count; at++) {
    const person = people[at % devices];
    if (person === undefined) break;
    const { device, sealedTo } = person;
    const header = headerOf(sample, device, sealedTo, { sequence: Math.floor(at / devices) });
    const { id, bytes: body } = await sealed(header, device, bytes);
    segments.push({ path: `/v1/mine/segments/${id}`, device, body });
  }
  return segments;
}

/** Signed now: to be sent within a minute. */
export async function signAll(segments: readonly ReadySegment[]): Promise<ReadyRequest[]> {
  const requests: ReadyRequest[] = [];
  for (const { path, device, body } of segments) {
    const parts = { method: 'PUT', target: path, body };
    const nowSeconds = Math.floor(Date.now() / 1000);
    const signed = await signRequest(device.signer, parts, nowSeconds, randomBytes(16));
    requests.push({
      path,
      body,
      headers: { ...signed, 'content-type': 'application/octet-stream' },
    });
  }
  return requests;
}

/** Sends all over so many connections; gives requests per second. Throws unless all are 200. */
export async function sendAll(
  url: string,
  requests: readonly ReadyRequest[],
  connections: number,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const waiting = [...requests].reverse();
  const startedMs = performance.now();
  const lane = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const status = await send(agent, url, next);
      if (status !== 200) throw new Error(`The server answered ${status}.`);
    }
  };
  try {
    await Promise.all(Array.from({ length: connections }, lane));
    return requests.length / ((performance.now() - startedMs) / 1000);
  } finally {
    agent.destroy();
  }
}

function send(agent: Agent, url: string, { path, headers, body }: ReadyRequest): Promise<number> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': String(body.length) };
    const sending = httpRequest(
      `${url}${path}`,
      { method: 'PUT', agent, headers: { ...headers, ...length } },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
      },
    );
    sending.once('error', reject);
    sending.end(body);
  });
}
