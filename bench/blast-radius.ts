// What it costs to say who could have read what, and who did: 100,000 things of 200 classes, a
// million reads, 50 identities; a thousand answers are decided again, one by one.
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { roles } from '@handrail/core/statement';
import {
  type Artifact,
  blastRadius,
  blastRadiusInSteps,
  type Period,
  type Read,
} from '@handrail/policy/blast-radius';
import { loadPolicies, readBundle } from '@handrail/policy/bundle';
import { decide } from '@handrail/policy/decide';
import type { Asker, Question } from '@handrail/policy/question';
import type { BenchResult } from './runner/bench.ts';

const artifactsCount = 100_000;
const readsCount = 1_000_000;
const identitiesCount = 50;
const samplesCount = 1_000;
const ownersCount = 80;
const grantsCount = 120;
const dayMs = 86_400_000;

export async function run(): Promise<BenchResult> {
  const policies = loadPolicies(await readBundle((file) => readFile(file, 'utf8')));
  const identities = Array.from({ length: identitiesCount }, (_, at) => askerOf(at));
  const artifacts = Array.from({ length: artifactsCount }, (_, at) => artifactOf(at));
  const plain = { policies, phase: 'active' as const, openStores: [] };
  const periods: readonly Period[] = [
    { ...plain, fromMs: 0, toMs: 10 * dayMs },
    { ...plain, fromMs: 10 * dayMs, toMs: 12 * dayMs, openStores: ['objects'] },
    { ...plain, fromMs: 12 * dayMs, toMs: 30 * dayMs, phase: 'halted' as const },
  ];
  const reads = Array.from({ length: readsCount }, (_, at): Read => {
    const by = askerName(at % identitiesCount);
    return { atMs: (at * 2_591) % (30 * dayMs), by, artifact: idOf((at * 7_919) % artifactsCount) };
  });
  const startedAtMs = performance.now();
  const cpu = process.cpuUsage();
  const radius = blastRadius({ identities, artifacts, periods, reads });
  const tookMs = performance.now() - startedAtMs;
  const cpuMs = process.cpuUsage(cpu).user / 1000;
  const longestStepMs = await longestStep({ identities, artifacts, periods, reads });
  let different = 0;
  for (let sample = 0; sample < samplesCount; sample++) {
    const [who, what] = [sample % identitiesCount, (sample * 99_991) % artifactsCount];
    const when = sample % periods.length;
    const question = {
      ...artifacts[what]?.readings[0],
      by: identities[who],
      phase: when === 2 ? 'halted' : 'active',
    };
    const alone = decide(policies, question as Question).kind === 'allow';
    if (radius.may(who, what, when) !== alone) different += 1;
  }
  return {
    name: 'blast-radius',
    figures: {
      artifacts: artifactsCount,
      reads: readsCount,
      identities: identitiesCount,
      classes: radius.classes,
      decisions: radius.decisions,
      tookSeconds: Math.round(tookMs) / 1000,
      cpuSeconds: Math.round(cpuMs) / 1000,
      longestStepMs,
      samplesDecidedAgain: samplesCount,
      samplesThatDiffer: different,
    },
  };
}

/** For how long others wait at most where it is run in steps, as the server does. */
async function longestStep(history: Parameters<typeof blastRadius>[0]): Promise<number> {
  const steps = blastRadiusInSteps(history);
  let longestMs = 0;
  for (;;) {
    const startedAtMs = performance.now();
    const { done } = steps.next();
    longestMs = Math.max(longestMs, performance.now() - startedAtMs);
    if (done) return Math.round(longestMs);
    await nextTurn();
  }
}

function askerName(at: number): string {
  return at < 40 ? `part_${at}` : `pers_${at}`;
}

function askerOf(at: number): Asker {
  const id = askerName(at);
  if (at < 40) return { kind: 'participant', pseudonym: id, consents: at % 2 === 0 };
  return { kind: 'person', id, role: roles[at % roles.length] ?? 'researcher' };
}

function idOf(at: number): string {
  return `thing_${at}`;
}

function artifactOf(at: number): Artifact {
  const id = idOf(at);
  const common = { id, fromMs: (at % 20) * dayMs, toMs: 30 * dayMs, store: 'objects' };
  const kind = at % (ownersCount + grantsCount);
  if (kind < ownersCount) {
    const owner = `part_${kind}`;
    return { ...common, readings: [{ action: 'trajectory.open', trajectory: { id, owner } }] };
  }
  const holder = askerName(40 + (kind % 10));
  const state = kind % 3 === 0 ? 'revoked' : 'approved';
  const recipe = `recipe ${kind}`;
  const grant = {
    id: `grant ${kind}`,
    holder,
    state,
    tier: 'release',
    purposeStands: true,
  } as const;
  const reading = { action: 'release.export', grant: { ...grant, recipe }, recipe } as const;
  return { ...common, readings: [reading] };
}
