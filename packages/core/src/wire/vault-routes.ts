// What the vault may ask: jobs, objects, tree nodes and ledger entries. It calls; nobody calls it.
import { z } from 'zod';
import {
  approvalSchema,
  dayKeySchema,
  digestSchema,
  erasureCertificateSchema,
  grantSchema,
  idSchema,
  publicKeySchema,
  signedSchema,
  statementSchema,
} from '../statement/index.ts';
import { trajectoryFactsSchema } from './device-routes.ts';
import { jobSchema } from './job.ts';
import { releaseFactsSchema, supersessionFactsSchema } from './person-routes.ts';
import { route } from './route.ts';

export const jobSecondsMax = 900;

/** A ledger entry is canonical JSON text; see @handrail/core/ledger. */
const entryText = z.string().max(4096);
const base64url = z.string().regex(/^[A-Za-z0-9_-]*$/);

export const nodesPerCallMax = 256;

/** Where a reader is in a reading. */
export const readerStateSchema = z.object({
  /** The chunk that was asked for last; -1: none yet. */
  wanted: z.int(),
  /** False: the reading is over, for whatever reason. */
  open: z.boolean(),
});
export type ReaderState = z.infer<typeof readerStateSchema>;

/** How a segment came into the ledger. */
export const acceptanceSchema = z.object({
  leaf: z.int(),
  /** Of the leaf's commitment to `segments`, base64url. */
  salt: base64url,
  segments: z.array(idSchema('seg')),
});
export type Acceptance = z.infer<typeof acceptanceSchema>;

export const vaultRoutes = {
  leaseJob: route({
    method: 'POST',
    path: '/v1/vault/jobs/lease',
    caller: 'vault',
    body: z.strictObject({ seconds: z.int().min(1).max(jobSecondsMax) }),
    reply: z.object({ job: z.object({ id: idSchema('job'), job: jobSchema }).nullable() }),
    says: 'Takes the next job for some seconds; null when there is none (waits up to 2 s).',
  }),
  restart: route({
    method: 'POST',
    path: '/v1/vault/jobs/restart',
    caller: 'vault',
    body: 'none',
    reply: 'none',
    says: 'Gives back every leased job: the keeper has just started, and runs none of them.',
  }),
  finishJob: route({
    method: 'POST',
    path: '/v1/vault/jobs/:id/outcome',
    caller: 'vault',
    body: z.strictObject({
      outcome: z.enum(['done', 'failed', 'retry']),
      reason: z.string().max(300).optional(),
      facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
      result: z.string().max(100).optional(),
    }),
    reply: 'none',
    says: 'Ends a job, or gives it back. A refine job ends once all its segments are reported.',
  }),
  append: route({
    method: 'POST',
    path: '/v1/vault/ledger',
    caller: 'vault',
    body: z.strictObject({ entries: z.array(entryText).min(1).max(256) }),
    reply: z.object({ firstIndex: z.int(), size: z.int() }),
    says: 'Appends entries; answers once they stand in a published checkpoint.',
  }),
  statements: route({
    method: 'GET',
    path: '/v1/vault/statements/:index',
    caller: 'vault',
    body: 'none',
    reply: z.object({
      /** Salt of the leaf's commitment, base64url; see ledger `commitment`. */
      salt: base64url,
      statement: signedSchema(statementSchema),
    }),
    says: 'The statement behind ledger leaf number `index`.',
  }),
  grant: route({
    method: 'GET',
    path: '/v1/vault/grants/:id',
    caller: 'vault',
    body: 'none',
    reply: z.object({
      grant: signedSchema(grantSchema),
      approvals: z.array(z.object({ index: z.int(), approval: signedSchema(approvalSchema) })),
    }),
    says: 'A grant with the ledger indexes of its approvals.',
  }),
  getObject: route({
    method: 'GET',
    path: '/v1/vault/objects/*',
    caller: 'vault',
    body: 'none',
    reply: 'bytes',
    says: 'Ciphertext: segments/ID, trajectories/ID, releases/ID/NAME.',
  }),
  acceptance: route({
    method: 'GET',
    path: '/v1/vault/segments/:id/acceptance',
    caller: 'vault',
    body: 'none',
    reply: acceptanceSchema,
    says: 'The ledger leaf by which a segment was accepted, and all that it commits to.',
  }),
  putObject: route({
    method: 'PUT',
    path: '/v1/vault/objects/*',
    caller: 'vault',
    body: 'bytes',
    reply: 'none',
    says: 'Stores what the vault made under keys such as trajectories/ID. Never replaces.',
  }),
  putReadingNonce: route({
    method: 'PUT',
    path: '/v1/vault/reading-nonce',
    caller: 'vault',
    body: z.strictObject({ nonce: publicKeySchema }),
    reply: 'none',
    says: 'What reading sessions that are signed from now on have to name.',
  }),
  putChunk: route({
    method: 'PUT',
    path: '/v1/vault/readings/:id/chunks/:number',
    caller: 'vault',
    body: 'bytes',
    reply: 'none',
    says: 'Hands over one sealed chunk of a reading, in order; it is kept in memory only.',
  }),
  awaitReader: route({
    method: 'POST',
    path: '/v1/vault/readings/:id/reader',
    caller: 'vault',
    body: z.strictObject({ wanted: z.int().min(0) }),
    reply: readerStateSchema,
    says: 'Answers once the reader has asked for chunk `wanted`, or after one second.',
  }),
  getNodes: route({
    method: 'POST',
    path: '/v1/vault/nodes/get',
    caller: 'vault',
    body: z.strictObject({ names: z.array(z.string().max(100)).max(nodesPerCallMax) }),
    reply: z.object({ nodes: z.record(z.string(), base64url) }),
    says: 'Opaque key-tree nodes by name; missing ones are absent.',
  }),
  putNodes: route({
    method: 'POST',
    path: '/v1/vault/nodes',
    caller: 'vault',
    body: z.strictObject({
      put: z.record(z.string().max(100), base64url),
      drop: z.array(z.string().max(100)).max(nodesPerCallMax),
    }),
    reply: 'none',
    says: 'Stores nodes durably, then drops those named; one transaction.',
  }),
  putDayKeys: route({
    method: 'POST',
    path: '/v1/vault/day-keys',
    caller: 'vault',
    body: z.strictObject({ keys: z.array(signedSchema(dayKeySchema)).max(256) }),
    reply: 'none',
    says: 'Publishes public day keys to their participants.',
  }),
  erased: route({
    method: 'POST',
    path: '/v1/vault/erasures',
    caller: 'vault',
    body: z.strictObject({ pseudonym: idSchema('part'), consentEpoch: z.int().min(1) }),
    reply: z.object({ segments: z.int(), trajectories: z.int() }),
    says: 'Deletes what nobody can open any more of somebody who has left; counts what is gone.',
  }),
  certified: route({
    method: 'POST',
    path: '/v1/vault/certificates',
    caller: 'vault',
    body: z.strictObject({ certificate: signedSchema(erasureCertificateSchema) }),
    reply: 'none',
    says: 'What the vault signs of a destruction, for the participant.',
  }),
  trajectoryKey: route({
    method: 'GET',
    path: '/v1/vault/trajectories/:id',
    caller: 'vault',
    body: 'none',
    reply: z.object({
      pseudonym: idSchema('part'),
      consentEpoch: z.int(),
      facts: trajectoryFactsSchema,
    }),
    says: 'Whose a trajectory is; checked against its signed header.',
  }),
  refined: route({
    method: 'POST',
    path: '/v1/vault/refined',
    caller: 'vault',
    body: z.strictObject({
      job: idSchema('job'),
      segments: z.array(
        z.strictObject({
          id: idSchema('seg'),
          state: z.enum(['refined', 'quarantined', 'rejected']),
          /** Content-free. */
          reason: z.string().max(200).optional(),
        }),
      ),
      trajectories: z.array(
        z.strictObject({
          facts: trajectoryFactsSchema,
          segments: z.array(idSchema('seg')),
        }),
      ),
    }),
    reply: 'none',
    says: 'What became of segments, and the trajectories made of them.',
  }),
  bystanderRemoved: route({
    method: 'POST',
    path: '/v1/vault/bystanders',
    caller: 'vault',
    body: z.strictObject({
      job: idSchema('job'),
      request: digestSchema,
      replaced: z.array(z.strictObject({ old: idSchema('traj'), next: idSchema('traj') })),
      /** Rounded down to a multiple of k; of less than k participants, none. */
      counted: z.int().min(0),
      /** Whether all that the job named could be looked at. */
      isWhole: z.boolean(),
      entry: z.strictObject({ index: z.int().min(0), salt: z.string().max(64) }),
    }),
    reply: 'none',
    says: 'What took the place of trajectories in which a bystander was found.',
  }),
  released: route({
    method: 'POST',
    path: '/v1/vault/releases/:id',
    caller: 'vault',
    body: releaseFactsSchema,
    reply: 'none',
    says: 'Facts of a built release.',
  }),
  superseded: route({
    method: 'POST',
    path: '/v1/vault/releases/:id/supersession',
    caller: 'vault',
    body: supersessionFactsSchema,
    reply: 'none',
    says: 'A release must not be used any more; its files go.',
  }),
} as const;
