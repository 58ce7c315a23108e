// What happens in a trial programme, for tests: people join, record and leave, and the keeper does
// what it is asked. Recordings are of one small task each; the worker's code runs in this process.
import { rm } from 'node:fs/promises';
import type { CapturedEvent } from '@handrail/core/events';
import { type Charter, type ManifestFile, type Recipe, sign } from '@handrail/core/statement';
import type { Job } from '@handrail/core/wire';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { runTask } from '../../worker/run.ts';
import { runJob } from '../jobs.ts';
import type { KeeperContext } from '../keeper-context.ts';
import type { JobOutcome } from '../server-port.ts';
import { handIn, type TrialServer, trialKeeper } from './keeper.ts';
import {
  instantOf,
  newId,
  startMs,
  type TrialParticipant,
  type TrialProgramme,
} from './programme.ts';
import { trialStage } from './stage.ts';

export const trialManifest: ManifestFile = {
  version: 1,
  signals: ['key', 'pointer', 'window', 'focus', 'frame'],
  contexts: [{ app: 'mousepad', mode: 'full' }],
};
export const trialRecipe: Recipe = {
  purpose: 'train-agents',
  contexts: [{ app: 'mousepad' }],
  actionsMax: 1000,
};

export class TrialLife implements AsyncDisposable {
  readonly trial: TrialProgramme;
  readonly server: TrialServer;
  keeper: KeeperContext;
  nowMs = startMs;
  readonly #open: () => Promise<KeeperContext>;
  readonly #close: () => Promise<void>;

  private constructor(
    trial: TrialProgramme,
    server: TrialServer,
    keeper: KeeperContext,
    life: { readonly open: () => Promise<KeeperContext>; readonly close: () => Promise<void> },
  ) {
    this.trial = trial;
    this.server = server;
    this.keeper = keeper;
    this.#open = life.open;
    this.#close = life.close;
  }

  static async begin(changes: Partial<Charter> = {}): Promise<TrialLife> {
    const { folder, trial, server } = await trialStage(changes);
    const clock = { now: (): number => startMs };
    const open = () => trialKeeper(folder, trial, server, runTask, () => clock.now());
    const close = () => rm(folder, { recursive: true });
    const life = new TrialLife(trial, server, await open(), { open, close });
    clock.now = () => life.nowMs;
    trial.ledger.nowMs = () => life.nowMs;
    return life;
  }

  /** The keeper starts anew, from its folder and what the server keeps. */
  async restart(): Promise<void> {
    this.keeper = await this.#open();
  }

  run(job: Job, id = newId('job')): Promise<JobOutcome> {
    return runJob(this.keeper, id, job);
  }

  async joined(): Promise<TrialParticipant> {
    const manifest = await this.trial.setManifest(trialManifest, 1);
    const participant = await this.trial.join({ manifest, at: instantOf(this.nowMs) });
    await this.run({ kind: 'issue-keys', ...ownerOf(participant) });
    return participant;
  }

  /** The id of a trajectory in which `text` was typed. */
  async recorded(participant: TrialParticipant, text = 'hello'): Promise<string> {
    const session = newId('ses');
    const content = { contexts: trialManifest.contexts, events: eventsOf(text) };
    const segment = await handIn(this.trial, this.server, participant, { session }, content);
    await this.run({ kind: 'refine', ...ownerOf(participant), session, segments: [segment] });
    return this.server.reports.at(-1)?.trajectories[0]?.facts.id ?? '';
  }

  async withdrawn({ consent, device }: TrialParticipant): Promise<void> {
    const { programme, pseudonym, consentEpoch } = consent;
    const at = instantOf(this.nowMs);
    const payload = { v: 1, kind: 'withdrawal', programme, pseudonym, consentEpoch, at } as const;
    await this.trial.accept(await sign(payload, device));
  }

  /** Asked for by the researcher and approved by both deciders now. */
  async granted(recipe: Recipe = trialRecipe): Promise<{ id: string; identity: string }> {
    const identity = await generateIdentity();
    const { trial } = this;
    const signed = await trial.grant(recipe, { recipient: await identityToRecipient(identity) });
    this.server.grants.set(signed.payload.id, signed);
    for (const by of [trial.persons.steward, trial.persons.officer]) {
      await trial.approve(signed.payload, by, instantOf(this.nowMs));
    }
    return { id: signed.payload.id, identity };
  }

  async built(grant: string, candidates: readonly string[], recipe = trialRecipe): Promise<string> {
    const release = newId('rel');
    const order = { release, grant, recipe, candidates: [...candidates] };
    const outcome = await this.run({ kind: 'build', ...order });
    if (outcome.outcome !== 'done') throw new Error(`not built: ${outcome.reason}`);
    return release;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }
}

export function ownerOf({ consent: { pseudonym, consentEpoch } }: TrialParticipant) {
  return { pseudonym, consentEpoch };
}

export function eventsOf(text: string): CapturedEvent[] {
  return [
    { kind: 'display', atMs: 0, epoch: 1, width: 320, height: 200, scale: 1 },
    { kind: 'window', atMs: 0, context: 0 },
    { kind: 'task', atMs: 0, edge: 'start', text: 'write a line' },
    { kind: 'button', atMs: 100, x: 5, y: 5, button: 'left', modifiers: [], down: true },
    { kind: 'button', atMs: 160, x: 5, y: 5, button: 'left', modifiers: [], down: false },
    { kind: 'run', atMs: 900, endedAtMs: 1300, text, keyCount: text.length, field: 0 },
    { kind: 'task', atMs: 2000, edge: 'end', text: '' },
  ];
}
