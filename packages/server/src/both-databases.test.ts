import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBase64url } from '@handrail/core/bytes';
import { canonicalBytes } from '@handrail/core/canonical-json';
import { idOf } from '@handrail/core/ids';
import {
  commitment,
  decodeEntry,
  emptyRoot,
  parseVerifierLine,
  readEntries,
  tileHashReader,
  treeRoot,
  verifyCheckpoint,
} from '@handrail/core/ledger';
import { randomBytes } from '@handrail/core/seal';
import { grantDigest, type ManifestStatement, recipeDigest, sign } from '@handrail/core/statement';
import {
  type CallInput,
  deviceRoutes,
  type Payload,
  type PayloadOf,
  personRoutes,
  publicRoutes,
  type Route,
  vaultRoutes,
} from '@handrail/core/wire';
import { postgresPrograms, startPostgres, type TestPostgres } from '@handrail/testbed/postgres';
import { approveGrant, requestGrant, sampleGrant } from '@handrail/testbed/sample-grant';
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
import { openOwn } from '@handrail/testbed/sample-reading';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningServer, startServer } from './app.ts';
import type { ServerSettings } from './config.ts';
import { retriesMax } from './jobs/job-queue.ts';

const programs = await postgresPrograms();

describe.each(['pglite', 'postgres'] as const)('on %s', (kind) => {
  const runs = test.skipIf(kind === 'postgres' && programs === undefined);
  let folder: string;
  let postgres: TestPostgres | undefined;
  let sample: SampleProgramme;
  let settings: ServerSettings;
  let server: RunningServer;
  let participant: Participant;
  let sealedTo: string;
  let manifest: ManifestStatement;

  beforeAll(async () => {
    if (kind === 'postgres' && programs === undefined) return;
    folder = await mkdtemp(join(tmpdir(), 'server-'));
    sample = await sampleProgramme(folder);
    settings = { ...sample.settings, jobRetrySeconds: 0 };
    if (kind === 'postgres' && programs !== undefined) {
      postgres = await startPostgres(programs);
      settings = { ...settings, databaseUrl: (await postgres.newDatabase()).url };
    }
    server = await startServer(settings);
    manifest = await activateManifest(server.url, sample);
    participant = await joinAs(server.url, sample, manifest);
    sealedTo = await issueKeys(server.url, sample, participant);
  });

  afterAll(async () => {
    await server?.close();
    await postgres?.stop();
    if (folder) await rm(folder, { recursive: true });
  });

  function asVault<B extends Payload, R extends Payload>(
    route: Route<B, R>,
    input: CallInput<B> = {},
  ): Promise<PayloadOf<R>> {
    return callAs(server.url, sample.vault, route, input);
  }

  async function nextJob(kindOfJob: string) {
    for (;;) {
      const { job } = await callAs(server.url, sample.vault, vaultRoutes.leaseJob, {
        body: { seconds: 60 },
      });
      if (job === null) throw new Error(`There is no ${kindOfJob} job.`);
      if (job.job.kind === kindOfJob) return job;
      if (job.job.kind === 'refine') await reject(job.id, job.job.segments);
      await asVault(vaultRoutes.finishJob, { params: { id: job.id }, body: { outcome: 'done' } });
    }
  }

  async function reject(job: string, ids: readonly string[]) {
    const segments = ids.map((id) => ({ id, state: 'rejected' as const, reason: 'malformed' }));
    await asVault(vaultRoutes.refined, { body: { job, segments, trajectories: [] } });
  }

  async function giveBack(id: string) {
    const body = { outcome: 'retry', reason: 'busy' } as const;
    await asVault(vaultRoutes.finishJob, { params: { id }, body });
  }

  async function handIn(changes: Parameters<typeof headerOf>[3] = {}) {
    const segment = await sealed(headerOf(sample, participant, sealedTo, changes), participant);
    const { state } = await callAs(server.url, participant, deviceRoutes.putSegment, {
      params: { id: segment.id },
      body: segment.bytes,
    });
    return { id: segment.id, state };
  }

  runs('a participant joins once, leases, and gets only keys from today on', async () => {
    const lease = await callAs(server.url, participant, deviceRoutes.lease, {
      body: { consentEpoch: 1, manifest: participant.consent.manifest ?? '' },
    });
    expect(lease.programmeEpoch).toBe(1);
    const { keys } = await callAs(server.url, participant, deviceRoutes.dayKeys);
    expect(keys).toHaveLength(8);
    expect(keys[0]?.payload.publicKey).toBe(sealedTo);
  });

  runs('consecutive segments wait for each other, become one job, then a trajectory', async () => {
    const session = idOf('ses', randomBytes(32));
    const last = await handIn({ session, sequence: 2, closes: true });
    const first = await handIn({ session, sequence: 0, closes: false });
    await callAs(server.url, participant, deviceRoutes.forgotten, {
      params: { session },
      body: { sequences: [1], ended: false },
    });
    const leased = await nextJob('refine');
    expect(leased.job).toMatchObject({ session, segments: [first.id, last.id] });
    const traj = idOf('traj', randomBytes(32));
    const bytes = new Uint8Array([1, 2, 3]);
    const key = `trajectories/${traj}`;
    await asVault(vaultRoutes.putObject, { params: { '*': key }, body: bytes });
    await expect(
      asVault(vaultRoutes.putObject, { params: { '*': key }, body: new Uint8Array([4]) }),
    ).rejects.toMatchObject({ code: 'state.conflict' });
    const facts = { id: traj, day: instant().slice(0, 10), actions: 3, contexts: [{ app: 'x' }] };
    await asVault(vaultRoutes.refined, {
      body: {
        job: leased.id,
        segments: [first, last].map(({ id }) => ({ id, state: 'refined' as const })),
        trajectories: [{ facts, segments: [first.id, last.id] }],
      },
    });
    await asVault(vaultRoutes.finishJob, { params: { id: leased.id }, body: { outcome: 'done' } });
    const counts = await callAs(server.url, participant, deviceRoutes.segmentCounts);
    expect(counts).toMatchObject({ accepted: 2, waiting: 0, refined: 2, rejected: 0 });
    const mine = await callAs(server.url, participant, deviceRoutes.trajectories);
    expect(mine.trajectories).toEqual([facts]);
    expect(await asVault(vaultRoutes.trajectoryKey, { params: { id: traj } })).toMatchObject({
      pseudonym: participant.pseudonym,
    });
  });

  runs('a view is a job of its asker, whose state only the asker gets', async () => {
    const mine = await callAs(server.url, participant, deviceRoutes.trajectories);
    const id = mine.trajectories[0]?.id ?? '';
    const { job } = await openOwn(server.url, sample, participant, id);
    const leased = await nextJob('view');
    expect(leased.id).toBe(job);
    await asVault(vaultRoutes.finishJob, { params: { id: job }, body: { outcome: 'done' } });
    const state = await callAs(server.url, participant, deviceRoutes.myJob, {
      params: { id: job },
    });
    expect(state).toEqual({ state: 'done' });
    const other = await joinAs(server.url, sample, manifest);
    const refused = { code: 'not.found' };
    await expect(
      callAs(server.url, other, deviceRoutes.myJob, { params: { id: job } }),
    ).rejects.toMatchObject(refused);
    await expect(openOwn(server.url, sample, other, id)).rejects.toMatchObject(refused);
  });

  runs('a job of accepted segments is given back as often as it takes', async () => {
    const session = idOf('ses', randomBytes(32));
    const { id } = await handIn({ session, sequence: 0 });
    for (let tries = 0; tries < 9; tries++) await giveBack((await nextJob('refine')).id);
    for (const outcome of ['failed', 'done'] as const) {
      const leased = await nextJob('refine');
      await asVault(vaultRoutes.finishJob, { params: { id: leased.id }, body: { outcome } });
    }
    const before = await callAs(server.url, participant, deviceRoutes.segmentCounts);
    expect(before).toMatchObject({ waiting: 1, rejected: 0 });
    const { id: job } = await nextJob('refine');
    await reject(job, [id]);
    await asVault(vaultRoutes.finishJob, { params: { id: job }, body: { outcome: 'done' } });
    const after = await callAs(server.url, participant, deviceRoutes.segmentCounts);
    expect(after).toMatchObject({ waiting: 0, rejected: 1 });
  });

  runs('a job that somebody waits for is given back a few times, then fails', async () => {
    const mine = await callAs(server.url, participant, deviceRoutes.trajectories);
    const id = mine.trajectories[0]?.id ?? '';
    const { job } = await openOwn(server.url, sample, participant, id);
    for (let tries = 0; tries < 6; tries++) await giveBack((await nextJob('view')).id);
    const state = await callAs(server.url, participant, deviceRoutes.myJob, {
      params: { id: job },
    });
    expect(state).toEqual({ state: 'failed', reason: 'busy' });
  });

  runs('what a vault had leased when it died is there again once it is back', async () => {
    const segment = await handIn({ session: idOf('ses', randomBytes(32)), sequence: 0 });
    const { id } = await nextJob('refine');
    const none = await asVault(vaultRoutes.leaseJob, { body: { seconds: 60 } });
    expect(none.job).toBeNull();
    await asVault(vaultRoutes.restart);
    expect((await nextJob('refine')).id).toBe(id);
    await reject(id, [segment.id]);
    await asVault(vaultRoutes.finishJob, { params: { id }, body: { outcome: 'done' } });
  });

  runs('a segment that was refined stays so, whatever a second try says', async () => {
    const before = await callAs(server.url, participant, deviceRoutes.segmentCounts);
    const segment = await handIn({ session: idOf('ses', randomBytes(32)), sequence: 0 });
    const { id } = await nextJob('refine');
    const refined = [{ id: segment.id, state: 'refined' as const }];
    await asVault(vaultRoutes.refined, { body: { job: id, segments: refined, trajectories: [] } });
    await reject(id, [segment.id]);
    await asVault(vaultRoutes.finishJob, { params: { id }, body: { outcome: 'done' } });
    const after = await callAs(server.url, participant, deviceRoutes.segmentCounts);
    expect(after.refined - before.refined).toBe(1);
  });

  runs('nodes are put and dropped together', async () => {
    await asVault(vaultRoutes.putNodes, { body: { put: { a: 'AAAA', b: 'BBBB' }, drop: [] } });
    await asVault(vaultRoutes.putNodes, { body: { put: { a: 'CCCC' }, drop: ['b'] } });
    expect(await asVault(vaultRoutes.getNodes, { body: { names: ['a', 'b', 'c'] } })).toEqual({
      nodes: { a: 'CCCC' },
    });
  });

  runs('a grant needs two roles, and a release needs the grant', async () => {
    const { researcher, steward, officer } = sample;
    const recipe = {
      purpose: 'train-agents' as const,
      contexts: [{ app: 'x' }],
      actionsMax: 100,
    };
    const scope = { recipe, recipeDigest: recipeDigest(recipe) };
    const grant = await sampleGrant(sample, { tier: 'release', scope });
    const build = () =>
      callAs(server.url, researcher, personRoutes.buildRelease, {
        body: { grant: grant.id, recipe },
      });
    const asked = await requestGrant(server.url, sample, grant);
    expect(asked).toMatchObject({ state: 'requested', digest: grantDigest(grant) });
    await expect(build()).rejects.toMatchObject({ code: 'access.denied' });
    for (const who of [steward, officer]) await approveGrant(server.url, who, grant);
    const { release } = await build();
    const leased = await nextJob('build');
    expect(leased.job).toMatchObject({ release, candidates: [expect.stringMatching(/^traj_/)] });
    const facts = { id: release, grant: grant.id, recipe, state: 'published', rows: 1 } as const;
    await asVault(vaultRoutes.released, { params: { id: release }, body: facts });
    expect(
      await callAs(server.url, researcher, personRoutes.release, { params: { id: release } }),
    ).toEqual(facts);
    const file = await callAs(server.url, sample.vault, vaultRoutes.grant, {
      params: { id: grant.id },
    });
    const leaf = await callAs(server.url, sample.vault, vaultRoutes.statements, {
      params: { index: String(file.approvals[0]?.index) },
    });
    expect(leaf.statement).toEqual(file.approvals[0]?.approval);
    await asVault(vaultRoutes.finishJob, { params: { id: leased.id }, body: { outcome: 'done' } });
    await aBuildThatKillsTheVaultFails(build);
  });

  /** A vault that never gets to say so. */
  async function aBuildThatKillsTheVaultFails(build: () => Promise<{ release: string }>) {
    const { release } = await build();
    for (let deaths = 0; deaths <= retriesMax; deaths++) {
      await nextJob('build');
      await asVault(vaultRoutes.restart);
    }
    const facts = await callAs(server.url, sample.steward, personRoutes.release, {
      params: { id: release },
    });
    expect(facts.state).toBe('failed');
  }

  runs('the ledger verifies, and every statement leaf has its statement', async () => {
    const readTile = async (path: string) =>
      callAs(server.url, undefined, publicRoutes.ledger, { params: { '*': path } });
    const log = parseVerifierLine(sample.charter.payload.logVerifier);
    const verdict = await verifyCheckpoint(await readTile('checkpoint'), log, [], 0);
    if (verdict.kind !== 'verified') throw new Error(verdict.reason);
    const { checkpoint } = verdict;
    expect(checkpoint.size).toBeGreaterThan(5);
    const root = await treeRoot(tileHashReader({ readTile }, checkpoint.size), checkpoint.size);
    expect(root).toEqual(checkpoint.root);
    expect(root).not.toEqual(emptyRoot);
    let statements = 0;
    for await (const { index, bytes } of readEntries({ readTile }, checkpoint)) {
      const entry = decodeEntry(bytes);
      if (entry.kind !== 'statement.accepted') continue;
      const { salt, statement } = await callAs(server.url, sample.vault, vaultRoutes.statements, {
        params: { index: String(index) },
      });
      expect(commitment(fromBase64url(salt), canonicalBytes(statement))).toBe(entry.commitment);
      statements += 1;
    }
    expect(statements).toBeGreaterThanOrEqual(5);
  });

  runs(
    'after withdrawal nothing is taken, catalog and open jobs are empty, keys are shredded',
    async () => {
      const payload = {
        v: 1,
        kind: 'withdrawal',
        programme: sample.charter.payload.programme,
        pseudonym: participant.pseudonym,
        consentEpoch: 1,
        at: instant(),
      } as const;
      await callAs(server.url, participant, deviceRoutes.state, {
        body: { statement: await sign(payload, participant.signer) },
      });
      await expect(handIn({ session: idOf('ses', randomBytes(32)) })).rejects.toMatchObject({
        code: 'consent.stale',
      });
      await expect(
        callAs(server.url, participant, deviceRoutes.lease, {
          body: { consentEpoch: 1, manifest: participant.consent.manifest ?? '' },
        }),
      ).rejects.toMatchObject({ code: 'consent.stale' });
      const mine = await callAs(server.url, participant, deviceRoutes.trajectories);
      expect(mine.trajectories).toEqual([]);
      const leased = await nextJob('shred');
      expect(leased.job).toMatchObject({ pseudonym: participant.pseudonym, consentEpoch: 1 });
      await asVault(vaultRoutes.finishJob, {
        params: { id: leased.id },
        body: { outcome: 'done' },
      });
    },
  );

  runs('a restart keeps everything', async () => {
    const before = await callAs(server.url, participant, deviceRoutes.segmentCounts);
    await server.close();
    server = await startServer(settings);
    const after = await callAs(server.url, participant, deviceRoutes.segmentCounts);
    expect(after).toEqual(before);
  });
});
