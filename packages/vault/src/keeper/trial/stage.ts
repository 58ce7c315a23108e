// What tests of the keeper begin with: a vault's folder, a programme, and its server.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Charter } from '@handrail/core/statement';
import { createVault } from '../../secrets.ts';
import { type TrialServer, trialServer } from './keeper.ts';
import { type TrialProgramme, trialProgramme } from './programme.ts';

export interface TrialStage {
  /** The vault's; whoever asked for it removes it. */
  readonly folder: string;
  readonly trial: TrialProgramme;
  readonly server: TrialServer;
}

export async function trialStage(changes: Partial<Charter> = {}): Promise<TrialStage> {
  const folder = await mkdtemp(join(tmpdir(), 'keeper-'));
  const trial = await trialProgramme((await createVault(folder)).publicKey, changes);
  return { folder, trial, server: trialServer() };
}
