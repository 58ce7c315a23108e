// What one decision costs: the policies asked about a mix of what persons, participants and the
// vault ask, with an Ed25519 verification in the same run to compare with.
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { newSigningSeed, signerFromSeed, verifyEd25519 } from '@handrail/core/seal';
import { loadPolicies, readBundle } from '@handrail/policy/bundle';
import { decide } from '@handrail/policy/decide';
import type { Question } from '@handrail/policy/question';
import type { BenchResult } from './runner/bench.ts';

const decisionsCount = 5_000;
const warmUpCount = 200;

export async function run(): Promise<BenchResult> {
  const policies = loadPolicies(await readBundle((file) => readFile(file, 'utf8')));
  const mixed = questions();
  const ask = (at: number) => decide(policies, mixed[at % mixed.length] as Question);
  for (let at = 0; at < warmUpCount; at++) ask(at);
  let allowed = 0;
  const times = await timed((at) => {
    if (ask(at).kind === 'allow') allowed += 1;
  });
  const reference = await timed(await verification());
  return {
    name: 'decisions',
    figures: {
      decisions: decisionsCount,
      allowed,
      medianMs: rounded(quantile(times.clock, 0.5)),
      p99Ms: rounded(quantile(times.clock, 0.99)),
      p99ProcessorMs: rounded(quantile(times.processor, 0.99)),
      verifyMedianMs: rounded(quantile(reference.clock, 0.5)),
      verifyP99Ms: rounded(quantile(reference.clock, 0.99)),
      medianOverVerifyRatio: rounded(quantile(times.clock, 0.5) / quantile(reference.clock, 0.5)),
      p99OverVerifyRatio: rounded(quantile(times.clock, 0.99) / quantile(reference.clock, 0.99)),
    },
  };
}

/** Allowed and denied ones, of every kind of asker and most kinds of thing. */
function questions(): readonly Question[] {
  const recipe = 'a'.repeat(64);
  const programme = 'prog_1';
  const by = { kind: 'person', id: 'pers_1', role: 'researcher' } as const;
  const steward = { kind: 'person', id: 'pers_2', role: 'steward' } as const;
  const owner = { kind: 'participant', pseudonym: 'part_1', consents: true } as const;
  const held = { id: 'grant_1', holder: 'pers_1', tier: 'release', purposeStands: true } as const;
  const grant = { ...held, state: 'approved', recipe } as const;
  const own = { id: 'traj_1', owner: 'part_1' };
  return (['active', 'halted'] as const).flatMap((phase): Question[] => [
    { action: 'manifest.list', by, phase, programme },
    { action: 'programme.halt', by: steward, phase, programme },
    { action: 'grant.view', by: steward, phase, grant },
    { action: 'grant.approve', by: { ...steward, id: 'pers_1' }, phase, grant },
    { action: 'release.build', by, phase, grant, recipe },
    { action: 'release.build', by, phase, grant, recipe: 'b'.repeat(64) },
    { action: 'trajectory.open', by: owner, phase, trajectory: own },
    { action: 'trajectory.view', by: { ...owner, pseudonym: 'part_2' }, phase, trajectory: own },
    { action: 'recording.refine', programme, phase, owner },
    { action: 'job.view', by: { kind: 'stranger', id: 'x' }, phase, job: own },
  ]);
}

async function verification(): Promise<() => Promise<boolean>> {
  const signer = await signerFromSeed(newSigningSeed());
  const message = new Uint8Array(512);
  const signature = await signer.sign(message);
  return () => verifyEd25519(signer.publicKey, message, signature);
}

interface Times {
  readonly clock: readonly number[];
  /** Without what other work on the machine takes. */
  readonly processor: readonly number[];
}

/** Milliseconds of each, sorted. */
async function timed(work: (at: number) => unknown): Promise<Times> {
  const clock: number[] = [];
  const processor: number[] = [];
  for (let at = 0; at < decisionsCount; at++) {
    const before = process.cpuUsage();
    const from = performance.now();
    await work(at);
    clock.push(performance.now() - from);
    const { user, system } = process.cpuUsage(before);
    processor.push((user + system) / 1000);
  }
  const sorted = (values: number[]) => values.sort((a, b) => a - b);
  return { clock: sorted(clock), processor: sorted(processor) };
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
