import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningServer, startServer } from '@handrail/server/app';
import { sampleProgramme } from '@handrail/testbed/sample-programme';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { documentedWays, documentSchema } from './documented-ways.ts';

let folder: string;
let server: RunningServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ways-'));
  server = await startServer((await sampleProgramme(folder)).settings);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

test('every route of the document can be tried, and one that cannot is told', async () => {
  const answer = await fetch(`${server.url}/v1/openapi.json`);
  const document = documentSchema.parse(await answer.json());
  const { ways, untried } = documentedWays(document, {});
  expect(untried).toEqual([]);
  expect(ways.length).toBeGreaterThan(50);
  const get = { description: 'Caller: person.' };
  const schema = { type: 'string', pattern: '(no|such)+' };
  const requestBody = { content: { 'application/json': { schema } } };
  const more = {
    ...{ '/v1/drawings/{id}': { get }, '/v1/words': { post: { ...get, requestBody } } },
    '/v1/open': { get: { description: 'For whoever comes.' } },
  };
  const wider = documentedWays({ paths: { ...document.paths, ...more } }, {});
  expect(wider.untried).toEqual(['GET /v1/drawings/{id}', 'POST /v1/words', 'GET /v1/open']);
});
