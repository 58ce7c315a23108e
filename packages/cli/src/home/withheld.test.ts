import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { clientOf } from '@handrail/agent/home/client';
import { HandrailError } from '@handrail/core/errors';
import { idOf } from '@handrail/core/ids';
import { newSigningSeed, signerFromSeed } from '@handrail/core/seal';
import { call, personRoutes, problemOf } from '@handrail/core/wire';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { finished, resultOf, withheld } from './job.ts';
import { type Reader, readChunks } from './reading.ts';

const id = <P extends 'prog' | 'job' | 'grant' | 'traj'>(prefix: P) =>
  idOf(prefix, new Uint8Array(32));

/** What a server says that has everything and gives out nothing. */
let chunk: HandrailError;
let state: object;
let closed: number;
let server: Server;
let reader: Reader;

beforeEach(async () => {
  chunk = new HandrailError('timeout', 'Ask again.');
  state = { state: 'running' };
  closed = 0;
  server = createServer(({ method, url = '' }, response) => {
    const refusal = /chunks|results/.test(url) ? chunk : undefined;
    if (method === 'DELETE') closed += 1;
    if (url === '/v1/reading-nonce') response.end(JSON.stringify({ nonce: 'A'.repeat(43) }));
    else if (refusal) {
      const problem = problemOf(refusal);
      response.writeHead(problem.status).end(JSON.stringify(problem));
    } else if (url.startsWith('/v1/jobs/')) response.end(JSON.stringify(state));
    else response.end(JSON.stringify({ job: id('job') }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const signer = await signerFromSeed(newSigningSeed());
  const client = clientOf(`http://127.0.0.1:${port}`, signer);
  const by = { grant: id('grant') };
  reader = { client, signer, programme: id('prog'), by, patienceMs: 0 };
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const read = () => readChunks(reader, { trajectory: id('traj') }).next();

test('who waits for what a server withholds is told so, and the reading is ended', async () => {
  await expect(read()).rejects.toMatchObject({
    code: 'timeout',
    message: 'The vault does not work, or the server withholds what it made. Nothing was shown.',
  });
  expect(closed).toBe(1);
});

test('a server that says that the reading is over is asked why', async () => {
  chunk = new HandrailError('not.found', 'There is no such thing here.');
  state = { state: 'failed', reason: 'grant-revoked' };
  const over = { code: 'access.denied', message: 'grant-revoked' };
  await expect(read()).rejects.toMatchObject(over);
  state = { state: 'done' };
  await expect(read()).rejects.toMatchObject({
    code: 'access.denied',
    message: 'The reading has ended: whoever may end it did, or its time is over.',
  });
});

test('a sealed export that a server does not give out is told from one that is not', async () => {
  chunk = new HandrailError('not.found', 'There is no such thing here.');
  state = { state: 'done', result: id('job') };
  const { client } = reader;
  const ask = () => call(client, personRoutes.job, { params: { id: id('job') } });
  const result = resultOf(await finished(ask));
  const asked = call(client, personRoutes.result, { params: { id: result } }).catch(withheld);
  await expect(asked).rejects.toMatchObject({
    code: 'unreachable',
    message: 'The vault sealed this, and the server does not give it out: ask who runs it.',
  });
  expect(() => resultOf({ state: 'done' })).toThrow('finished without a result');
});
