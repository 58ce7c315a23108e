import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBase64url } from '@handrail/core/bytes';
import { canonicalBytes } from '@handrail/core/canonical-json';
import { idOf } from '@handrail/core/ids';
import {
  commitment,
  decodeEntry,
  readEntries,
  tileHashReader,
  treeRoot,
} from '@handrail/core/ledger';
import { randomBytes } from '@handrail/core/seal';
import { type Consent, type ManifestStatement, sign } from '@handrail/core/statement';
import { deviceRoutes } from '@handrail/core/wire';
import {
  activateManifest,
  callAs,
  headerOf,
  instant,
  issueKeys,
  joinAs,
  type Participant,
  type SampleProgramme,
  sampleProgramme,
  sealed,
} from '@handrail/testbed/sample-programme';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildApp } from '../app.ts';
import { takeErased } from '../catalog/erasure.ts';
import { parseConfig } from '../config.ts';
import type { ServerContext } from '../context.ts';
import { openContext } from '../open-context.ts';

let folder: string;
let stack: AsyncDisposableStack;
let sample: SampleProgramme;
let context: ServerContext;
let url: string;
let manifest: ManifestStatement;
let ann: Participant;
let bob: Participant;
/** Today's raw key, by pseudonym. */
const issued = new Map<string, string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leaving-'));
  sample = await sampleProgramme(folder);
  await serve();
  manifest = await activateManifest(url, sample);
});
beforeEach(async () => {
  ann = await joinAs(url, sample, manifest);
  bob = await joinAs(url, sample, manifest);
});
afterAll(async () => {
  await stack.disposeAsync();
  await rm(folder, { recursive: true });
});

async function serve() {
  stack = new AsyncDisposableStack();
  context = await openContext(parseConfig(sample.settings), stack, {});
  const app = await buildApp(context);
  stack.defer(() => app.close());
  url = await app.listen({ host: '127.0.0.1', port: 0 });
}

async function handIn(who: Participant) {
  const sealedTo = issued.get(who.pseudonym) ?? (await issueKeys(url, sample, who));
  issued.set(who.pseudonym, sealedTo);
  const header = headerOf(sample, who, sealedTo, { session: idOf('ses', randomBytes(32)) });
  const segment = await sealed(header, who);
  const params = { id: segment.id };
  await callAs(url, who, deviceRoutes.putSegment, { params, body: segment.bytes });
  return segment;
}

async function say(by: Participant, kind: 'withdrawal' | 'erasure', pseudonym = by.pseudonym) {
  const { programme } = sample.charter.payload;
  const payload = { v: 1, kind, programme, pseudonym, consentEpoch: 1, at: instant() } as const;
  const statement = await sign(payload as { kind: 'erasure' } & typeof payload, by.signer);
  return callAs(url, by, deviceRoutes.state, { body: { statement } });
}

async function consent(who: Participant, changes: Partial<Consent>) {
  const payload = { ...who.consent, at: instant(Date.now() + 1_000), ...changes };
  const statement = await sign(payload, who.signer);
  return callAs(url, who, deviceRoutes.state, { body: { statement } });
}

test('what is asked for somebody else is refused like what is asked for nobody', async () => {
  const answers: unknown[] = [];
  for (const whose of [ann.pseudonym, idOf('part', randomBytes(32))]) {
    for (const kind of ['withdrawal', 'erasure'] as const) {
      answers.push(await say(bob, kind, whose).catch(({ code, message }) => ({ code, message })));
    }
  }
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]).toMatchObject({ code: 'access.denied' });
  const { statements } = await callAs(url, bob, deviceRoutes.myStatements);
  expect(statements.map(({ statement }) => statement.payload)).toEqual([bob.consent]);
});

test('own statements come with what shows that the ledger holds them', async () => {
  await say(ann, 'withdrawal');
  const { statements } = await callAs(url, ann, deviceRoutes.myStatements);
  expect(statements.map(({ statement }) => statement.payload.kind)).toEqual([
    'consent',
    'withdrawal',
  ]);
  const { files, size } = context.ledger;
  const root = await treeRoot(tileHashReader(files, size), size);
  for (const { index, salt, statement } of statements) {
    for await (const { bytes } of readEntries(files, { size, root }, index)) {
      const committed = commitment(fromBase64url(salt), canonicalBytes(statement));
      expect(decodeEntry(bytes).commitment).toBe(committed);
      break;
    }
  }
});

test('consenting again takes a new epoch, and nothing of the old one comes back', async () => {
  const segment = await handIn(ann);
  await say(ann, 'withdrawal');
  await expect(consent(ann, { consentEpoch: 1 })).rejects.toMatchObject({ code: 'consent.stale' });
  await consent(ann, { consentEpoch: 2 });
  await expect(issueKeys(url, sample, ann, 1, 1)).rejects.toMatchObject({ code: 'state.conflict' });
  const params = { id: segment.id };
  expect(await callAs(url, ann, deviceRoutes.putSegment, { params, body: segment.bytes })).toEqual({
    state: 'rejected',
  });
  // As after restoring an old database: the object is there, and no row names it.
  await context.db.deleteFrom('segment').where('id', '=', segment.id).execute();
  await stack.disposeAsync();
  await serve();
  const row = await context.db
    .selectFrom('segment')
    .where('id', '=', segment.id)
    .executeTakeFirst();
  expect(row).toBeUndefined();
  expect(await context.objects.get(`segments/${segment.id}`)).toBeUndefined();
});

test('deleting that is cut off at any object goes on where it was', async () => {
  const ids = [await handIn(ann), await handIn(ann), await handIn(ann)].map(({ id }) => id);
  await say(ann, 'erasure');
  const owner = { pseudonym: ann.pseudonym, consentEpoch: 1 };
  for (let nth = 1; nth <= ids.length; nth++) {
    let calls = 0;
    const objects = Object.assign(Object.create(context.objects), {
      delete: async (key: string) => {
        if (++calls === nth) throw new Error('The disk is gone.');
        await context.objects.delete(key);
      },
    });
    await expect(takeErased({ ...context, objects }, owner)).rejects.toThrow('The disk is gone.');
  }
  expect(await takeErased(context, owner)).toEqual({ segments: 3, trajectories: 0 });
  for (const id of ids) expect(await context.objects.get(`segments/${id}`)).toBeUndefined();
});
