// What the agent tells and takes on its loopback address. No content in either direction, but for
// the words of a task.
import { budgetsSchema, steps } from '@handrail/core/budget';
import { incidentReportSchema } from '@handrail/core/wire';
import { z } from 'zod';

/** What is used of this computer, and what of that its owner allows. */
export const budgetStatusSchema = z.object({
  step: z.enum(steps),
  because: z.enum(['bytes', 'cpu', 'battery', 'unreadable']).nullable(),
  bytesToday: z.int(),
  cpuPercent: z.number(),
  /** Percent of charge while on battery. */
  battery: z.number().nullable(),
  link: z.enum(['unmetered', 'metered', 'unknown']),
  /** Why recordings stay here for now. */
  uploadsWait: z.enum(['metered', 'battery']).nullable(),
  allowed: budgetsSchema,
});
export type BudgetStatus = z.infer<typeof budgetStatusSchema>;

export const statusSchema = z.object({
  state: z.enum(['recording', 'paused', 'off', 'halted', 'budget', 'withdrawn', 'waiting']),
  reason: z.string().nullable(),
  pausedUntil: z.string().nullable(),
  pendingManifest: z.string().nullable(),
  /** Why its owner should not rely on having left yet. */
  notLeft: z.string().nullable(),
  spool: z.object({ segments: z.int(), bytes: z.int() }),
  segments: z.object({
    accepted: z.int(),
    refined: z.int(),
    quarantined: z.int(),
    rejected: z.int(),
  }),
  dropped: z.record(z.string(), z.int()),
  /** Null while no agent runs. */
  budget: budgetStatusSchema.nullable(),
  /** Incidents that concern what was given, newest first, as the server says. */
  notices: z.array(incidentReportSchema),
  /** Legal holds that delay the destruction of what was given, as the server says. */
  holds: z.array(z.object({ since: z.string(), reason: z.string() })),
});
export type Status = z.infer<typeof statusSchema>;
export type AgentState = Status['state'];

export const commandSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('switches') }),
  z.strictObject({ kind: z.literal('forget'), sinceMs: z.number() }),
  z.strictObject({ kind: z.literal('forget-session') }),
  z.strictObject({ kind: z.literal('task-start'), text: z.string().min(1).max(2000) }),
  z.strictObject({ kind: z.literal('task-end') }),
]);
export type Command = z.infer<typeof commandSchema>;

export const commandReplySchema = z.object({ ok: z.boolean(), forgotten: z.int().optional() });
export type CommandReply = z.infer<typeof commandReplySchema>;

/** Where the running agent listens; a 0600 file in the home folder. */
export const addressSchema = z.strictObject({
  port: z.int().min(1).max(65_535),
  token: z.string().min(32),
  pid: z.int(),
});
export type Address = z.infer<typeof addressSchema>;
