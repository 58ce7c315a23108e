// What is asked when something went wrong: probes report, commanders open, look, and close; anyone
// reads the report, and devices what concerns their participants.
import { z } from 'zod';
import {
  digestSchema,
  haltSchema,
  idSchema,
  incidentCauses,
  incidentClosedSchema,
  incidentOpenedSchema,
  instantSchema,
  probeFindingSchema,
  probeReportSchema,
  severityMax,
  signedSchema,
} from '../statement/index.ts';
import { route } from './route.ts';

const roundSchema = z.object({
  /** Ledger entry. */
  index: z.int(),
  startedAt: instantSchema,
  endedAt: instantSchema,
  tried: z.int(),
  findings: z.int(),
  untried: z.int(),
});
export type ProbeRound = z.infer<typeof roundSchema>;

const boardSchema = z.object({
  /** Newest last. */
  rounds: z.array(roundSchema),
  paths: z.array(
    z.object({
      path: z.string(),
      identity: z.string(),
      /** Null: never yet. */
      deniedAt: instantSchema.nullable(),
      openAt: instantSchema.nullable(),
    }),
  ),
});
export type ProbeBoard = z.infer<typeof boardSchema>;

/** Counts of people are null below the charter's k. */
const agentsSchema = z.object({
  counted: z.int().nullable(),
  stopped: z.int().nullable(),
  allStopped: z.boolean(),
  /** When the last lease that was given ends at the latest. */
  lastLeaseEnds: instantSchema.nullable(),
});

const incidentSchema = z.object({
  id: idSchema('inc'),
  severity: z.int().min(1).max(severityMax),
  cause: z.enum(incidentCauses),
  what: z.string(),
  since: instantSchema,
  openedAt: instantSchema,
  /** 72 hours later: until then an authority is told where the law asks for it. */
  notifyBy: instantSchema,
  closedAt: instantSchema.nullable(),
  halted: z.boolean(),
  agents: agentsSchema,
  affected: z.object({
    participants: z.int().nullable(),
    /** For incident commanders only; otherwise empty. */
    pseudonyms: z.array(idSchema('part')),
    trajectories: z.int().nullable(),
    releases: z.array(idSchema('rel')),
    exports: z.int(),
  }),
  /** Why it cannot be closed yet; empty: it can. */
  missing: z.array(z.string()),
  /** The last round of probes. */
  probes: roundSchema.nullable(),
});
export type IncidentView = z.infer<typeof incidentSchema>;

const radiusSchema = z.object({
  from: instantSchema,
  to: instantSchema,
  artifacts: z.int(),
  /** Things that hold content: what a policy gave it at some time, and what storage did, sealed. */
  couldHaveRead: z.array(z.object({ identity: z.string(), byPolicy: z.int(), byStorage: z.int() })),
  didRead: z.array(z.object({ identity: z.string(), artifacts: z.int(), reads: z.int() })),
  /** Reads that the replayed policies would have refused. */
  unexplained: z.int(),
  /** Releases, with what left of them and what was trained on them. */
  outgoing: z.array(
    z.object({
      release: idSchema('rel'),
      state: z.string(),
      couldHaveExported: z.array(z.string()),
      /** Whether storage gave it to anyone, sealed. */
      fromStorage: z.boolean(),
      didExport: z.array(z.string()),
      exports: z.int(),
      models: z.array(z.object({ digest: digestSchema, name: z.string() })),
    }),
  ),
  /** Openings that the ledger holds for this time, by kind of entry. */
  openings: z.record(z.string(), z.int()),
});
export type BlastRadiusView = z.infer<typeof radiusSchema>;

export const incidentReportSchema = z.object({
  id: idSchema('inc'),
  severity: z.int(),
  /** Since when it may have been so. */
  since: instantSchema,
  openedAt: instantSchema,
  closedAt: instantSchema.nullable(),
  /** Null while it is open. */
  closing: z
    .object({
      exposed: z.string(),
      controlsFailed: z.array(z.string()),
      accessChanged: z.string(),
      retentionChanged: z.string(),
      fixedAt: instantSchema,
      probes: z.int(),
    })
    .nullable(),
});
export type IncidentReport = z.infer<typeof incidentReportSchema>;

/** Ids that exist and are none of the prober's own, by what a path calls them. */
const targetsSchema = z.object({ ids: z.record(z.string(), z.array(z.string())) });

const storageSchema = z.object({
  /** What others than the server's own account may read, by name. */
  open: z.array(probeFindingSchema),
});

export const incidentRoutes = {
  probeTargets: route({
    method: 'GET',
    path: '/v1/probes/targets',
    caller: 'person',
    body: 'none',
    reply: targetsSchema,
    says: 'Some ids that exist, for probes to ask for what is not theirs.',
  }),
  probeStorage: route({
    method: 'GET',
    path: '/v1/probes/storage',
    caller: 'person',
    body: 'none',
    reply: storageSchema,
    says: 'Permissions of database and objects as the server finds them.',
  }),
  reportProbes: route({
    method: 'POST',
    path: '/v1/probes/rounds',
    caller: 'person',
    body: z.strictObject({ report: signedSchema(probeReportSchema) }),
    reply: z.object({ index: z.int() }),
    says: 'Records a round of probes in the ledger.',
  }),
  probeBoard: route({
    method: 'GET',
    path: '/v1/probes',
    caller: 'person',
    body: 'none',
    reply: boardSchema,
    says: 'The last rounds, and when each way was last found shut.',
  }),
  openIncident: route({
    method: 'POST',
    path: '/v1/incidents',
    caller: 'person',
    body: z.strictObject({
      incident: signedSchema(incidentOpenedSchema),
      /** Not needed for a note, nor while the programme is halted. */
      halt: signedSchema(haltSchema).nullable(),
    }),
    reply: incidentSchema,
    says: 'Opens an incident; all but a note halt the programme first.',
  }),
  incidents: route({
    method: 'GET',
    path: '/v1/incidents',
    caller: 'person',
    body: 'none',
    reply: z.object({ incidents: z.array(incidentSchema) }),
    says: 'Incidents, newest first.',
  }),
  incident: route({
    method: 'GET',
    path: '/v1/incidents/:id',
    caller: 'person',
    body: 'none',
    reply: incidentSchema,
    says: 'One incident: clock, agents, whom it concerns, and what is missing to close it.',
  }),
  closeIncident: route({
    method: 'POST',
    path: '/v1/incidents/:id/closings',
    caller: 'person',
    body: z.strictObject({ closing: signedSchema(incidentClosedSchema) }),
    reply: incidentSchema,
    says: 'Closes an incident, once probes found nothing since it was mended.',
  }),
  blastRadius: route({
    method: 'GET',
    path: '/v1/incidents/:id/blast-radius',
    caller: 'person',
    body: 'none',
    reply: radiusSchema,
    says: 'Who could have read what, and who did.',
  }),
  evidence: route({
    method: 'GET',
    path: '/v1/incidents/:id/evidence',
    caller: 'person',
    body: 'none',
    reply: z.object({
      statements: z.array(
        z.object({
          index: z.int(),
          digest: digestSchema,
          salt: z.string(),
          statement: z.unknown(),
        }),
      ),
      reports: z.array(z.object({ index: z.int(), report: signedSchema(probeReportSchema) })),
    }),
    says: 'The signed statements and reports behind an incident, with their ledger entries.',
  }),
  report: route({
    method: 'GET',
    path: '/v1/reports',
    caller: 'anyone',
    body: 'none',
    reply: z.object({ reports: z.array(incidentReportSchema) }),
    says: 'The public reports of all incidents, newest first.',
  }),
  notices: route({
    method: 'GET',
    path: '/v1/mine/notices',
    caller: 'device',
    body: 'none',
    reply: z.object({ notices: z.array(incidentReportSchema) }),
    says: 'Reports of the incidents that concern what this participant gave.',
  }),
} as const;
