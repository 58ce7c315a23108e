import { expect, test } from 'vitest';
import { idOf } from '../ids/index.ts';
import { fitsTier, type Grant } from './grant.ts';
import { grantPrompt } from './grant-prompt.ts';

const id = (prefix: 'traj' | 'seg' | 'grant' | 'pers' | 'prog') => idOf(prefix, new Uint8Array(32));
const segments = { segments: [id('seg')] };

function asked(tier: Grant['tier'], scope: Grant['scope']): Omit<Grant, 'prompt'> {
  return {
    ...({
      v: 1,
      kind: 'grant',
      id: id('grant'),
      programme: id('prog'),
      holder: id('pers'),
    } as const),
    ...{ readingKey: 'k', recipient: 'age1', purpose: 'train-agents' as const, tier, scope },
    ...{ hours: 1, reason: 'to see', objectsMax: 1, bytesMax: 1 },
    requestedAt: '2026-11-23T10:00:00Z',
  };
}

test('who is asked about raw is told what raw is, and which segments it is about', () => {
  const prompt = grantPrompt(asked('raw', segments));
  expect(prompt).toContain(`What: 1 recorded segments: ${id('seg')}`);
  expect(prompt).toContain(
    'Tier: raw (RECORDINGS AS THE DEVICE SEALED THEM, BEFORE THE VAULT MASKS',
  );
  const other = grantPrompt(asked('trajectory', { trajectories: [id('traj')] }));
  expect(other).not.toMatch(/raw|RECORDINGS/);
});

test('each tier has a scope of its own', () => {
  const trajectories = { trajectories: [id('traj')] };
  expect(fitsTier({ tier: 'raw', scope: segments })).toBe(true);
  expect(fitsTier({ tier: 'raw', scope: trajectories })).toBe(false);
  expect(fitsTier({ tier: 'trajectory', scope: segments })).toBe(false);
  expect(fitsTier({ tier: 'release', scope: segments })).toBe(false);
});
