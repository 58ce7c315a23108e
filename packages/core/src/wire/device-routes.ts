// What a participant's device may ask: join, lease, upload, and look at what is its own.
import { z } from 'zod';
import { tagKeySchema } from '../opening/index.ts';
import {
  consentSchema,
  dayKeySchema,
  digestSchema,
  erasureCertificateSchema,
  erasureSchema,
  holdSchema,
  idSchema,
  instantSchema,
  objectionSchema,
  purposeSchema,
  quarantineSchema,
  readingSessionSchema,
  signedSchema,
  withdrawalSchema,
} from '../statement/index.ts';
import { jobStateSchema } from './job.ts';
import { route } from './route.ts';

/** 32 bytes, base64url. */
const saltSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

export const leaseSchema = z.object({
  programmeEpoch: z.int(),
  consentEpoch: z.int(),
  manifest: digestSchema,
  expiresAt: instantSchema,
});
export type Lease = z.infer<typeof leaseSchema>;

export const segmentCountsSchema = z.object({
  /** All that intake ever accepted, whatever became of them. */
  accepted: z.int(),
  /** Accepted, and neither refined, quarantined nor rejected yet. */
  waiting: z.int(),
  refined: z.int(),
  quarantined: z.int(),
  rejected: z.int(),
});

export const trajectoryFactsSchema = z.object({
  id: idSchema('traj'),
  /** UTC day. */
  day: z.iso.date(),
  actions: z.int(),
  contexts: z.array(z.object({ app: z.string(), origin: z.string().optional() })),
  /** Something was taken out of it, at the request of somebody who never joined. */
  remade: z.literal('bystander').optional(),
});
export type TrajectoryFacts = z.infer<typeof trajectoryFactsSchema>;

export const quarantinedSchema = z.object({
  id: idSchema('seg'),
  /** UTC day. */
  day: z.iso.date(),
  /** Content-free, such as `pixels.survivor`; docs/formats/segment.md lists them. */
  reason: z.string(),
});
export type Quarantined = z.infer<typeof quarantinedSchema>;

export const objectionViewSchema = z.object({
  digest: digestSchema,
  purpose: purposeSchema,
  /** When it came into the ledger. */
  at: instantSchema,
  /** Until when an answer counts; without one the data stays out for good. */
  answerBy: instantSchema,
  /** Whether the data stays out. */
  out: z.boolean(),
  answer: z.enum(['upheld', 'declined']).optional(),
  /** Of the answer, for the participant. */
  reason: z.string().optional(),
});
export type ObjectionView = z.infer<typeof objectionViewSchema>;

export const openingsPerCallMax = 64;
const taggedEntrySchema = z.strictObject({
  tag: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  commitment: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});

const ownStatementSchema = z.object({
  /** Leaf of the ledger. */
  index: z.int(),
  /** Of the leaf's commitment, base64url. */
  salt: z.string(),
  statement: signedSchema(
    z.discriminatedUnion('kind', [consentSchema, withdrawalSchema, erasureSchema]),
  ),
});
export type OwnStatement = z.infer<typeof ownStatementSchema>;

export const deviceRoutes = {
  join: route({
    method: 'POST',
    path: '/v1/join',
    caller: 'new-device',
    body: z.strictObject({
      invite: z.string().max(200),
      name: z.string().min(1).max(200),
      consent: signedSchema(consentSchema),
    }),
    reply: z.object({ pseudonym: idSchema('part') }),
    says: 'Takes part: the device introduces its key and its signed consent.',
  }),
  state: route({
    method: 'POST',
    path: '/v1/mine/statements',
    caller: 'device',
    body: z.strictObject({
      statement: z.union([
        signedSchema(consentSchema),
        signedSchema(withdrawalSchema),
        signedSchema(erasureSchema),
        signedSchema(quarantineSchema),
        signedSchema(objectionSchema),
      ]),
    }),
    /** `salt` shows what the leaf commits to, so that the device can look for itself. */
    reply: z.object({ digest: digestSchema, index: z.int(), salt: saltSchema }),
    says: 'Renews or changes consent, withdraws, erases, or decides about a segment in quarantine.',
  }),
  dayKeys: route({
    method: 'GET',
    path: '/v1/mine/day-keys',
    caller: 'device',
    body: 'none',
    reply: z.object({ keys: z.array(signedSchema(dayKeySchema)) }),
    says: 'Raw day keys from today on, signed by the vault.',
  }),
  tagKeys: route({
    method: 'GET',
    path: '/v1/mine/tag-keys',
    caller: 'device',
    body: 'none',
    reply: z.object({ keys: z.array(signedSchema(tagKeySchema)) }),
    says: 'The key of the tags in the ledger, for each consent epoch, sealed to the reading key.',
  }),
  openings: route({
    method: 'POST',
    path: '/v1/mine/openings',
    caller: 'device',
    body: z.strictObject({ entries: z.array(taggedEntrySchema).max(openingsPerCallMax) }),
    /** In the order asked; null: the server has none. */
    reply: z.object({ boxes: z.array(z.string().nullable()) }),
    says: 'What this participant was told of openings, sealed to them, by tag and commitment.',
  }),
  lease: route({
    method: 'POST',
    path: '/v1/mine/lease',
    caller: 'device',
    body: z.strictObject({ consentEpoch: z.int(), manifest: digestSchema }),
    reply: leaseSchema,
    says: 'Leave to capture for some minutes; refused when halted, withdrawn or out of date.',
  }),
  putSegment: route({
    method: 'PUT',
    path: '/v1/mine/segments/:id',
    caller: 'device',
    body: 'bytes',
    reply: z.object({ state: z.enum(['accepted', 'refined', 'quarantined', 'rejected']) }),
    says: 'Hands in one sealed segment; the same id again is answered alike.',
  }),
  forgotten: route({
    method: 'POST',
    path: '/v1/mine/sessions/:session/forgotten',
    caller: 'device',
    body: z.strictObject({
      /** Sequences that were forgotten on the device and will never come. */
      sequences: z.array(z.int().min(0)).max(10_000),
      /** True: the session has ended, whatever its last segment said. */
      ended: z.boolean(),
    }),
    reply: 'none',
    says: 'Says which segments of a session will never come.',
  }),
  segmentCounts: route({
    method: 'GET',
    path: '/v1/mine/segments',
    caller: 'device',
    body: 'none',
    reply: segmentCountsSchema,
    says: 'How many segments of this participant are in which state.',
  }),
  trajectories: route({
    method: 'GET',
    path: '/v1/mine/trajectories',
    caller: 'device',
    body: 'none',
    reply: z.object({ trajectories: z.array(trajectoryFactsSchema) }),
    says: 'Trajectories made from this participant, without content.',
  }),
  openMine: route({
    method: 'POST',
    path: '/v1/mine/readings',
    caller: 'device',
    body: z.strictObject({ session: signedSchema(readingSessionSchema) }),
    reply: z.object({ job: idSchema('job') }),
    says: 'Asks the vault to show an own trajectory, or quarantined segment, to a signed session.',
  }),
  myChunk: route({
    method: 'GET',
    path: '/v1/mine/readings/:id/chunks/:number',
    caller: 'device',
    body: 'none',
    reply: 'bytes',
    says: 'The next chunk of a reading, sealed to its session (waits up to 10 s).',
  }),
  endMine: route({
    method: 'DELETE',
    path: '/v1/mine/readings/:id',
    caller: 'device',
    body: 'none',
    reply: 'none',
    says: 'Ends a reading: what nobody has fetched is gone.',
  }),
  quarantine: route({
    method: 'GET',
    path: '/v1/mine/quarantine',
    caller: 'device',
    body: 'none',
    reply: z.object({ segments: z.array(quarantinedSchema) }),
    says: 'Segments of this participant that wait for their decision.',
  }),
  myStatements: route({
    method: 'GET',
    path: '/v1/mine/statements',
    caller: 'device',
    body: 'none',
    reply: z.object({ statements: z.array(ownStatementSchema) }),
    says: 'What this participant has stated about their consent, with the salts of its leaves.',
  }),
  erasure: route({
    method: 'GET',
    path: '/v1/mine/erasure',
    caller: 'device',
    body: 'none',
    reply: z.object({
      /** Legal holds that delay destruction of what this participant gave. */
      holds: z.array(signedSchema(holdSchema)),
      /** Of the last destruction, signed by the vault; null before there is one. */
      certificate: signedSchema(erasureCertificateSchema).nullable(),
    }),
    says: 'What delays the destruction of what this participant gave, and what proves it.',
  }),
  myObjections: route({
    method: 'GET',
    path: '/v1/mine/objections',
    caller: 'device',
    body: 'none',
    reply: z.object({ objections: z.array(objectionViewSchema) }),
    says: 'Objections of this participant to purposes, with what was answered.',
  }),
  myJob: route({
    method: 'GET',
    path: '/v1/mine/jobs/:id',
    caller: 'device',
    body: 'none',
    reply: jobStateSchema,
    says: 'State of a job that this participant asked for.',
  }),
} as const;
