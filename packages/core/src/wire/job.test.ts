import { expect, test } from 'vitest';
import { idOf } from '../ids/index.ts';
import { recipeSchema } from '../statement/index.ts';
import { jobSchema } from './job.ts';

const id = <P extends Parameters<typeof idOf>[0]>(prefix: P) => idOf(prefix, new Uint8Array(32));
const recipe = { purpose: 'train-agents', contexts: [{ app: 'editor' }], actionsMax: 10 } as const;
const build = { kind: 'build', release: id('rel'), grant: id('grant'), recipe } as const;

test('a release is built of trajectories, never of releases, whatever names them', () => {
  expect(jobSchema.safeParse({ ...build, candidates: [id('traj')] }).success).toBe(true);
  expect(jobSchema.safeParse({ ...build, candidates: [id('rel')] }).success).toBe(false);
  expect(jobSchema.safeParse({ ...build, candidates: [], from: id('rel') }).success).toBe(false);
  expect(recipeSchema.safeParse(recipe).success).toBe(true);
  for (const more of [{ releases: [id('rel')] }, { purpose: ['train-agents', 'audit'] }]) {
    expect(recipeSchema.safeParse({ ...recipe, ...more }).success).toBe(false);
  }
});
