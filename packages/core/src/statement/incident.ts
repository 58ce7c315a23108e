// What is said when something went wrong: opened by whoever may halt, closed by who decides once
// it is mended. Both are free of content; the closing is what the public report is made of.
import { z } from 'zod';
import { idSchema } from './charter.ts';
import { digestSchema, instantSchema } from './envelope.ts';

/** 1: others may have read content. 5: a note, which halts nothing. */
export const severityMax = 5;
export const incidentCauses = ['probe', 'person'] as const;
const textLettersMax = 2_000;
const textsMax = 50;

const common = {
  v: z.literal(1),
  programme: idSchema('prog'),
  incident: idSchema('inc'),
  at: instantSchema,
} as const;

/** Words of whoever signs; they name no person and quote nothing. */
const text = z.string().min(1).max(textLettersMax);

export const incidentOpenedSchema = z.strictObject({
  ...common,
  kind: z.literal('incident-opened'),
  severity: z.int().min(1).max(severityMax),
  cause: z.enum(incidentCauses),
  what: text,
  /** Since when it may have been so. */
  since: instantSchema,
});
export type IncidentOpened = z.infer<typeof incidentOpenedSchema>;

export const incidentClosedSchema = z.strictObject({
  ...common,
  kind: z.literal('incident-closed'),
  /** When the last cause was mended: probes count from here on. */
  fixedAt: instantSchema,
  /** Ledger entry of the round of probes that found nothing since. */
  probes: z.int().min(0),
  exposed: text,
  controlsFailed: z.array(text).min(1).max(textsMax),
  accessChanged: text,
  retentionChanged: text,
});
export type IncidentClosed = z.infer<typeof incidentClosedSchema>;

export const probeFindingSchema = z.strictObject({
  /** The way that was tried, such as `GET /v1/results/{id}` or `folder server`. */
  path: z.string().min(1).max(300),
  /** As whom, such as `stranger`. */
  identity: z.string().min(1).max(60),
  /** `told-apart`: another's is not answered like what does not exist. `open`: permissions. */
  what: z.enum(['read', 'told-apart', 'told', 'open']),
});
export type ProbeFinding = z.infer<typeof probeFindingSchema>;

const pathsMax = 5_000;
const findingsMax = 500;

/** One round, signed by the prober; its digest stands in the ledger. */
export const probeReportSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('probe-report'),
  programme: idSchema('prog'),
  /** Random, so that the digest tells nothing. */
  nonce: digestSchema,
  startedAt: instantSchema,
  endedAt: instantSchema,
  paths: z
    .array(
      z.strictObject({
        path: z.string().min(1).max(300),
        identity: z.string().min(1).max(60),
        denied: z.int().min(0),
      }),
    )
    .max(pathsMax),
  findings: z.array(probeFindingSchema).max(findingsMax),
  /** Ways that could not be tried: with any of these a round proves nothing. */
  untried: z.array(z.string().max(300)).max(findingsMax),
});
export type ProbeReport = z.infer<typeof probeReportSchema>;
