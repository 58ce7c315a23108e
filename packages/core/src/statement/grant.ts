// A grant: who may read what, for which purpose, until when. Approvals are signatures over bytes
// that contain the whole grant, so nobody approves a name or a number that could come to mean more.
import { z } from 'zod';
import { canonicalDigest } from '../canonical-json/index.ts';
import { type Charter, idSchema, purposeSchema, tierSchema } from './charter.ts';
import { digestSchema, instantSchema, publicKeySchema } from './envelope.ts';
import { grantPrompt } from './grant-prompt.ts';
import type { ReadingSubject } from './reading-session.ts';

export const recipeSchema = z.strictObject({
  purpose: purposeSchema,
  contexts: z
    .array(z.strictObject({ app: z.string().max(100), origin: z.string().max(300).optional() }))
    .min(1)
    .max(200),
  actionsMax: z.int().min(1).max(10_000_000),
});
export type Recipe = z.infer<typeof recipeSchema>;

export const scopeSchema = z.union([
  z.strictObject({ trajectories: z.array(idSchema('traj')).min(1).max(10_000) }),
  z.strictObject({ segments: z.array(idSchema('seg')).min(1).max(10_000) }),
  z.strictObject({ recipe: recipeSchema, recipeDigest: digestSchema }),
]);

export const grantSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('grant'),
  id: idSchema('grant'),
  programme: idSchema('prog'),
  /** The person of the charter who will hold it. */
  holder: idSchema('pers'),
  /** X25519 key that results are sealed to, base64url. */
  readingKey: publicKeySchema,
  /** age recipient that exports are sealed to. */
  recipient: z.string().regex(/^age1[a-z0-9]{58}$/),
  purpose: purposeSchema,
  tier: tierSchema,
  scope: scopeSchema,
  /** Counted from the approval that completes the quorum. */
  hours: z.int().min(1).max(8),
  /** What was asked for, in the holder's words; frozen with the grant. */
  reason: z.string().min(1).max(2000),
  objectsMax: z.int().min(1).max(1_000_000),
  bytesMax: z.int().min(1),
  requestedAt: instantSchema,
  /** The question that approvers are shown: `grantPrompt` of all the rest, and nothing else. */
  prompt: z.string().min(1).max(32_000),
});
export type Grant = z.infer<typeof grantSchema>;

export const approvalSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('approval'),
  programme: idSchema('prog'),
  at: instantSchema,
  grant: grantSchema,
});
export type Approval = z.infer<typeof approvalSchema>;

export const revocationSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('revocation'),
  programme: idSchema('prog'),
  at: instantSchema,
  grant: idSchema('grant'),
});

/** Each tier has its own kind of scope: a grant for one never opens another. */
export function fitsTier({ scope, tier }: Pick<Grant, 'scope' | 'tier'>): boolean {
  if (tier === 'raw') return 'segments' in scope;
  return tier === 'trajectory' ? 'trajectories' in scope : 'recipe' in scope;
}

/** Whether its approved bytes name just this. */
export function grantNames({ scope }: Pick<Grant, 'scope'>, subject: ReadingSubject): boolean {
  if ('segment' in subject) return 'segments' in scope && scope.segments.includes(subject.segment);
  return 'trajectories' in scope && scope.trajectories.includes(subject.trajectory);
}

export function grantDigest(grant: Grant): string {
  return canonicalDigest(grant);
}

export function recipeDigest(recipe: Recipe): string {
  return canonicalDigest(recipe);
}

/** An approval whose signature was checked: the key that made it, and when. */
export interface CheckedApproval {
  readonly key: string;
  readonly approval: Approval;
}

export type GrantState =
  | { readonly kind: 'requested'; readonly missing: number }
  | { readonly kind: 'approved'; readonly from: string; readonly until: string }
  | { readonly kind: 'expired'; readonly until: string }
  | { readonly kind: 'revoked' };

/**
 * The state of `grant` at `nowMs` under `charter`. Approvals of other bytes, by the holder, by a
 * person without the steward's or officer's role, or from the future do not count; nor does any of
 * a grant that asks something else than it says, or by somebody whom the charter names twice.
 */
export function grantState(
  charter: Charter,
  grant: Grant,
  approvals: readonly CheckedApproval[],
  revoked: boolean,
  nowMs: number,
): GrantState {
  if (revoked) return { kind: 'revoked' };
  const digest = grantDigest(grant);
  const firstByRole = new Map<string, number>();
  const asksWhatItSays = grant.prompt === grantPrompt(grant);
  for (const { key, approval } of asksWhatItSays ? approvals : []) {
    const person = soleHolderOf(charter, key);
    const atMs = Date.parse(approval.at);
    if (person === undefined || person.id === grant.holder || atMs > nowMs) continue;
    if (person.role !== 'steward' && person.role !== 'officer') continue;
    if (grantDigest(approval.grant) !== digest) continue;
    firstByRole.set(person.role, Math.min(atMs, firstByRole.get(person.role) ?? atMs));
  }
  const times = [...firstByRole.values()].sort((a, b) => a - b);
  const complete = times[charter.quorums.grant - 1];
  if (complete === undefined) {
    return { kind: 'requested', missing: charter.quorums.grant - times.length };
  }
  const hours = Math.min(grant.hours, charter.grantHoursMax);
  const untilMs = complete + hours * 3_600_000;
  const until = instantOf(untilMs);
  if (nowMs >= untilMs) return { kind: 'expired', until };
  return { kind: 'approved', from: instantOf(complete), until };
}

/** Undefined where the key, or its person's id, stands in the charter more than once. */
function soleHolderOf({ persons }: Charter, key: string): Charter['persons'][number] | undefined {
  const [person, ...others] = persons.filter(({ publicKey }) => publicKey === key);
  const once = persons.filter(({ id }) => id === person?.id).length === 1;
  return once && others.length === 0 ? person : undefined;
}

function instantOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
