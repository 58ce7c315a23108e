// An objection to a purpose, and what a decider answers. Their data stays out from the moment it
// stands in the ledger; only a no that came in time lets it in again.
import { z } from 'zod';
import { idSchema, purposeSchema } from './charter.ts';
import { digestSchema, instantSchema } from './envelope.ts';

/** Within this many days an objection is answered, or the data stays out for good. */
export const answerDaysMax = 30;
const dayMs = 86_400_000;

/** Signed by the participant's device; it gives no reason. */
export const objectionSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('objection'),
  programme: idSchema('prog'),
  pseudonym: idSchema('part'),
  consentEpoch: z.int().min(1).max(1_000_000),
  purpose: purposeSchema,
  at: instantSchema,
});
export type Objection = z.infer<typeof objectionSchema>;

/** Signed by a steward or officer. */
export const objectionAnswerSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('objection-answer'),
  programme: idSchema('prog'),
  /** Digest of the objection. */
  objection: digestSchema,
  answer: z.enum(['upheld', 'declined']),
  /** For the participant. */
  reason: z.string().min(1).max(2000),
  at: instantSchema,
});
export type ObjectionAnswer = z.infer<typeof objectionAnswerSchema>;

export interface ObjectionCourse {
  /** When the objection came into the ledger, Unix ms. */
  readonly objectedMs: number;
  readonly answer?: ObjectionAnswer['answer'];
  /** When the answer came into the ledger. */
  readonly answeredMs?: number;
}

/** Whether the data stays out. Without an answer, with a late one and with a yes it does. */
export function keepsOut({ objectedMs, answer, answeredMs = Infinity }: ObjectionCourse): boolean {
  return answer !== 'declined' || answeredMs > answerByMs(objectedMs);
}

/** Until when an answer counts. */
export function answerByMs(objectedMs: number): number {
  return objectedMs + answerDaysMax * dayMs;
}
