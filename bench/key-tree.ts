// What shredding costs: one of 65,536 participants taken out of the key tree, with the root's file
// replaced and fsynced each time.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { KeyTree } from '@handrail/vault/keeper/keys/key-tree';
import type { BenchResult } from './runner/bench.ts';

const leavesCount = 65_536;
const shredsCount = 101;
/** Thirty days of both tiers. */
const leafBytes = 60 * 37;

export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'key-tree-bench-'));
  try {
    return await measure(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measure(folder: string): Promise<BenchResult> {
  const nodes = new Map<string, Uint8Array>();
  const tree = await KeyTree.open(folder, {
    get: async (names) => new Map(names.map((name) => [name, nodes.get(name) ?? new Uint8Array()])),
    put: async (more) => {
      for (const [name, bytes] of more) nodes.set(name, bytes);
    },
    drop: async (names) => {
      for (const name of names) nodes.delete(name);
    },
  });
  const content = new Uint8Array(leafBytes);
  const names = Array.from({ length: leavesCount }, (_, at) => `participant ${at}`);
  const built = await milliseconds(() =>
    tree.change(names.map((name) => ({ name, edit: () => content }))),
  );
  const shreds: number[] = [];
  for (let at = 0; at < shredsCount; at++) {
    const name = names[(at * 641) % leavesCount] ?? '';
    shreds.push(await milliseconds(() => tree.change([{ name, edit: () => undefined }])));
  }
  shreds.sort((a, b) => a - b);
  return {
    name: 'key-tree',
    figures: {
      leaves: leavesCount,
      buildMs: round(built),
      shredMedianMs: round(shreds[shredsCount >> 1] ?? 0),
      shredWorstMs: round(shreds.at(-1) ?? 0),
    },
  };
}

async function milliseconds(work: () => Promise<void>): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return performance.now() - startedAtMs;
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
