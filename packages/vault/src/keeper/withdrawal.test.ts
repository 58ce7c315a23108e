import { rm } from 'node:fs/promises';
import type { CapturedEvent } from '@handrail/core/events';
import { type ManifestFile, type Recipe, sign } from '@handrail/core/statement';
import type { Job } from '@handrail/core/wire';
import { Decrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runTask } from '../worker/run.ts';
import { runJob } from './jobs.ts';
import type { KeeperContext } from './keeper-context.ts';
import { shredExpired } from './keys/retention.ts';
import type { JobOutcome } from './server-port.ts';
import { handIn, type TrialServer, trialKeeper } from './trial/keeper.ts';
import {
  instantOf,
  newId,
  startMs,
  type TrialParticipant,
  type TrialProgramme,
} from './trial/programme.ts';
import { ownReading } from './trial/reading.ts';
import { trialStage } from './trial/stage.ts';

const file: ManifestFile = {
  version: 1,
  signals: ['key', 'pointer', 'window', 'focus', 'frame'],
  contexts: [{ app: 'mousepad', mode: 'full' }],
};
const recipe: Recipe = {
  purpose: 'train-agents',
  contexts: [{ app: 'mousepad' }],
  actionsMax: 100,
};

let folder: string;
let trial: TrialProgramme;
let server: TrialServer;
let keeper: KeeperContext;
let manifest: string;

beforeEach(async () => {
  ({ folder, trial, server } = await trialStage());
  keeper = await trialKeeper(folder, trial, server, runTask);
  manifest = await trial.setManifest(file, 1);
});
afterEach(() => rm(folder, { recursive: true }));

const run = (job: Job, context = keeper) => runJob(context, newId('job'), job);

async function joined(): Promise<TrialParticipant> {
  const participant = await trial.join({ manifest });
  await run({ kind: 'issue-keys', ...owner(participant) });
  return participant;
}

function owner({ consent: { pseudonym, consentEpoch } }: TrialParticipant) {
  return { pseudonym, consentEpoch };
}

function eventsOf(text: string): CapturedEvent[] {
  return [
    { kind: 'display', atMs: 0, epoch: 1, width: 320, height: 200, scale: 1 },
    { kind: 'window', atMs: 0, context: 0 },
    { kind: 'task', atMs: 0, edge: 'start', text },
    { kind: 'button', atMs: 100, x: 5, y: 5, button: 'left', modifiers: [], down: true },
    { kind: 'button', atMs: 160, x: 5, y: 5, button: 'left', modifiers: [], down: false },
    { kind: 'task', atMs: 2000, edge: 'end', text: '' },
  ];
}

async function recorded(participant: TrialParticipant, text = 'write a line') {
  const session = newId('ses');
  const content = { contexts: file.contexts, events: eventsOf(text) };
  const segment = await handIn(trial, server, participant, { session }, content);
  return { kind: 'refine' as const, ...owner(participant), session, segments: [segment] };
}

async function refined(participant: TrialParticipant, text?: string): Promise<string> {
  await run(await recorded(participant, text));
  return server.reports.at(-1)?.trajectories[0]?.facts.id ?? '';
}

async function withdraw({ consent, device }: TrialParticipant): Promise<void> {
  const { programme, pseudonym, consentEpoch } = consent;
  const at = instantOf(startMs);
  await trial.accept(
    await sign({ v: 1, kind: 'withdrawal', programme, pseudonym, consentEpoch, at }, device),
  );
}

async function approvedGrant(): Promise<{ id: string; identity: string }> {
  const identity = await generateIdentity();
  const signed = await trial.grant(recipe, { recipient: await identityToRecipient(identity) });
  server.grants.set(signed.payload.id, signed);
  for (const by of [trial.persons.steward, trial.persons.officer]) {
    await trial.approve(signed.payload, by);
  }
  return { id: signed.payload.id, identity };
}

/** The keeper, with `meanwhile` done before call number `nth`; says which calls there were. */
function interrupted(nth: number, meanwhile: () => Promise<unknown>) {
  const calls: string[] = [];
  const watched = <T extends object>(port: T): T =>
    new Proxy(port, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]) => {
          calls.push(String(name));
          if (calls.length === nth) await meanwhile();
          return Reflect.apply(value, target, args);
        };
      },
    });
  const context: KeeperContext = {
    ...keeper,
    server: watched(server),
    ledger: watched(keeper.ledger),
    keyring: watched(keeper.keyring),
    runTask: watched({ runTask: keeper.runTask }).runTask,
  };
  return { context, calls };
}

/** Interrupts at the first call, the second, and so on, until there is no such call left. */
async function atEveryCall(
  attempt: (nth: number) => Promise<{ calls: readonly string[]; check: () => void }>,
): Promise<void> {
  for (let nth = 1; ; nth++) {
    const { calls, check } = await attempt(nth);
    try {
      check();
    } catch (cause) {
      const where = calls[nth - 1] ?? 'none';
      throw new Error(`Interrupted at call ${nth}, ${where}, of ${calls.join(' ')}.`, { cause });
    }
    if (calls.length >= nth) continue;
    expect(nth).toBeGreaterThan(4);
    return;
  }
}

test('a view gives nothing, at whatever call its participant withdraws', async () => {
  await atEveryCall(async (nth) => {
    const participant = await joined();
    const trajectory = await refined(participant);
    const { context, calls } = interrupted(nth, () => withdraw(participant));
    const { job } = await ownReading(keeper, participant, trajectory);
    const outcome = await run(job, context);
    const check = () => {
      expect(outcome.reason ?? outcome.outcome).toBe(ended(calls, nth));
      expect(calls.slice(nth)).not.toContain('putChunk');
    };
    return { calls, check };
  });
});

test('an export gives nothing, at whatever call somebody in it withdraws', async () => {
  const other = await refined(await joined());
  const grant = await approvedGrant();
  await atEveryCall(async (nth) => {
    const participant = await joined();
    const release = newId('rel');
    const candidates = [await refined(participant), other];
    await run({ kind: 'build', release, grant: grant.id, recipe, candidates });
    const { context, calls } = interrupted(nth, () => withdraw(participant));
    const asked = { kind: 'export', release, grant: grant.id, format: 'agentnet' } as const;
    const outcome = await run(asked, context);
    const check = () => expect(outcome.reason ?? outcome.outcome).toBe(ended(calls, nth));
    return { calls, check };
  });
});

/** A job that was not interrupted is done. */
function ended(calls: readonly string[], nth: number): string {
  return calls.length < nth ? 'done' : 'consent-withdrawn';
}

test('a release has nothing of who withdrew while it was built, or is not given out', async () => {
  const others = [await refined(await joined()), await refined(await joined())];
  const grant = await approvedGrant();
  await atEveryCall(async (nth) => {
    const participant = await joined();
    const release = newId('rel');
    const candidates = [await refined(participant, 'my own words'), ...others];
    const { context, calls } = interrupted(nth, () => withdraw(participant));
    const built = await run(
      { kind: 'build', release, grant: grant.id, recipe, candidates },
      context,
    );
    const isPublished = server.releases.some(({ id }) => id === release);
    const names = (await keeper.keyring.release(release))?.participants.map(
      ({ pseudonym }) => pseudonym,
    );
    const exported = await exportOf(release, grant);
    const check = () => {
      expect(built.outcome === 'done').toBe(isPublished);
      const isMade = nth <= calls.lastIndexOf('runTask') + 1;
      if (isMade && isPublished) expect(names).not.toContain(participant.consent.pseudonym);
      if (calls.length < nth) expect(exported).toContain('my own words');
      else expect(exported ?? '').not.toContain('my own words');
    };
    return { calls, check };
  });
});

async function exportOf(release: string, grant: { id: string; identity: string }) {
  const id = newId('job');
  const asked = { kind: 'export', release, grant: grant.id, format: 'agentnet' } as const;
  const { outcome }: JobOutcome = await runJob(keeper, id, asked);
  if (outcome !== 'done') return undefined;
  const reader = new Decrypter();
  reader.addIdentity(grant.identity);
  return reader.decrypt(server.objects.get(`results/${id}`) ?? new Uint8Array(), 'text');
}

test('refining reports no trajectory of who withdrew before it was to be given out', async () => {
  await atEveryCall(async (nth) => {
    const participant = await joined();
    const job = await recorded(participant);
    const before = server.reports.length;
    const { context, calls } = interrupted(nth, () => withdraw(participant));
    await run(job, context);
    const made = server.reports.slice(before).flatMap(({ trajectories }) => trajectories);
    await run({ kind: 'shred', ...owner(participant) });
    const left = await keeper.keyring.dayKeyNames(owner(participant));
    const check = () => {
      const isLate = calls.includes('putObject') && nth > calls.indexOf('putObject');
      expect(made.length).toBe(isLate ? 1 : 0);
      expect(left).toHaveLength(calls.length < nth ? 60 : 0);
    };
    return { calls, check };
  });
});

test('no key is left of who withdrew while keys were made, though shredding was over', async () => {
  await atEveryCall(async (nth) => {
    const participant = await trial.join({ manifest });
    const { context, calls } = interrupted(nth, async () => {
      await withdraw(participant);
      await run({ kind: 'shred', ...owner(participant) });
    });
    await run({ kind: 'issue-keys', ...owner(participant) }, context);
    const left = await keeper.keyring.dayKeyNames(owner(participant));
    const check = () => expect(left).toHaveLength(calls.length < nth ? 60 : 0);
    return { calls, check };
  });
});

test('a server that asks for no shredding does not keep the keys of who has left', async () => {
  const [gone, kept] = [await joined(), await joined()];
  await withdraw(gone);
  expect(await shredExpired(keeper)).toBe(60);
  expect(await keeper.keyring.dayKeyNames(owner(gone))).toEqual([]);
  expect(await keeper.keyring.dayKeyNames(owner(kept))).toHaveLength(60);
});

test('consenting again opens nothing of the epoch that was withdrawn', async () => {
  const participant = await joined();
  const trajectory = await refined(participant);
  await withdraw(participant);
  const { consent, device } = participant;
  const again = { ...consent, at: instantOf(startMs + 1_000) };
  await trial.accept(await sign(again, device));
  await trial.accept(await sign({ ...again, consentEpoch: 2 }, device));
  await trial.accept(await sign({ ...again, at: instantOf(startMs + 2_000) }, device));
  const { pseudonym } = consent;
  expect(await run({ kind: 'issue-keys', pseudonym, consentEpoch: 2 })).toMatchObject({
    outcome: 'done',
  });
  for (const consentEpoch of [1, 2]) {
    const { job } = await ownReading(keeper, participant, trajectory);
    expect(await run({ ...job, consentEpoch })).toMatchObject({ reason: 'consent-withdrawn' });
  }
  expect(await run({ kind: 'issue-keys', pseudonym, consentEpoch: 1 })).toMatchObject({
    reason: 'consent-withdrawn',
  });
});
