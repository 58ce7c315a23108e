import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CaptureContext, sign } from '@handrail/core/statement';
import { personRoutes } from '@handrail/core/wire';
import {
  activateManifest,
  callAs,
  instant,
  type SampleProgramme,
  sampleProgramme,
} from '@handrail/testbed/sample-programme';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../app.ts';

const editor = { app: 'mousepad', mode: 'full' } as const;
const mail = { app: 'thunderbird', mode: 'full' } as const;

let folder: string;
let sample: SampleProgramme;
let server: RunningServer;
let number = 1;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'manifests-'));
  sample = await sampleProgramme(folder);
  server = await startServer(sample.settings);
  await activateManifest(server.url, sample, fileOf(editor, mail), number);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

function fileOf(...contexts: CaptureContext[]) {
  return { version: 1 as const, signals: ['key' as const], contexts };
}

/** The state of a next manifest that the steward alone has signed, and a way to approve it. */
async function propose(...contexts: CaptureContext[]) {
  number += 1;
  const { programme } = sample.charter.payload;
  const manifest = fileOf(...contexts);
  const payload = { v: 1, kind: 'manifest', programme, number, at: instant(), manifest } as const;
  const { steward, officer } = sample;
  const { id, state } = await callAs(server.url, steward, personRoutes.setManifest, {
    body: { statement: await sign(payload, steward.signer) },
  });
  const approve = async () => {
    const body = { statement: await sign(payload, officer.signer) };
    const params = { id };
    return (await callAs(server.url, officer, personRoutes.approveManifest, { params, body }))
      .state;
  };
  return { state, approve };
}

test('a narrower manifest that keeps mail in full waits for another role', async () => {
  const { state, approve } = await propose(mail);
  expect(state).toBe('pending');
  expect(await approve()).toBe('active');
});

test('one role alone masks mail at once, and does not bring it back', async () => {
  expect((await propose({ ...mail, mode: 'vocabulary' })).state).toBe('active');
  expect((await propose(mail)).state).toBe('pending');
  expect((await propose({ ...mail, mode: 'skeleton' })).state).toBe('active');
});
