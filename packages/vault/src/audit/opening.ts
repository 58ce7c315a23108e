// The decision that an opening's outcome commits to, made again: for whoever was told of it.
import type { Opening } from '@handrail/core/opening';
import type { Policies } from '@handrail/policy/bundle';
import type { Question } from '@handrail/policy/question';
import { type Replay, replay } from '@handrail/policy/record';
import { z } from 'zod';

const decidedSchema = z.looseObject({
  decision: z.strictObject({
    question: z.looseObject({ action: z.string() }),
    policies: z.array(z.string()),
    version: z.string(),
  }),
});

/** Undefined where none is told: an intent has no decision yet. */
export function replayOpening(policies: Policies, opening: Opening): Replay | undefined {
  const told = decidedSchema.safeParse(opening);
  if (!told.success) return undefined;
  const { question, ...decision } = told.data.decision;
  const row = { question: question as unknown as Question };
  return replay(policies, { ...row, decision: { kind: 'allow', ...decision } });
}
