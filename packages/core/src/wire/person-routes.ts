// What the persons of the charter may ask: manifests, grants, releases and exports.
import { z } from 'zod';
import {
  approvalSchema,
  charterSchema,
  digestSchema,
  grantSchema,
  haltSchema,
  holdReleaseSchema,
  holdSchema,
  holdWordSchema,
  idSchema,
  instantSchema,
  lifeSchema,
  manifestSchema,
  modelDecisionSchema,
  modelDecisions,
  modelSchema,
  notReissuedSchema,
  objectionAnswerSchema,
  policySchema,
  readingSessionSchema,
  recertificationSchema,
  recipeSchema,
  revocationSchema,
  signedSchema,
  supersessionSchema,
} from '../statement/index.ts';
import { objectionViewSchema } from './device-routes.ts';
import { exportFormatSchema, jobStateSchema } from './job.ts';
import { route } from './route.ts';

const manifestState = z.object({
  id: idSchema('man'),
  state: z.enum(['active', 'pending', 'replaced']),
  statement: signedSchema(manifestSchema),
});

const grantView = z.object({
  grant: grantSchema,
  digest: digestSchema,
  approvals: z.array(signedSchema(approvalSchema)),
  state: z.enum(['requested', 'approved', 'expired', 'revoked']),
  until: z.string().optional(),
});

export const releaseFactsSchema = z.object({
  id: idSchema('rel'),
  grant: idSchema('grant'),
  recipe: recipeSchema,
  state: z.enum(['building', 'published', 'failed', 'superseded']),
  manifestDigest: digestSchema.optional(),
  /** Rows and trajectories are told to who holds the release's grant, and to nobody else. */
  rows: z.int().optional(),
  trajectories: z.int().optional(),
  /** Rounded down to a multiple of k. */
  participants: z.int().optional(),
  /** The release that this one takes the place of. */
  supersedes: idSchema('rel').optional(),
  /** Of a superseded one: why rows went, and what takes its place, or why nothing does. */
  reason: supersessionSchema.optional(),
  supersededBy: idSchema('rel').optional(),
  notReissued: notReissuedSchema.optional(),
});
export type ReleaseFacts = z.infer<typeof releaseFactsSchema>;

export const modelViewSchema = z.object({
  /** Of its statement: decisions name it. */
  digest: digestSchema,
  release: idSchema('rel'),
  name: z.string(),
  /** SHA-256 of the model. */
  model: digestSchema,
  at: instantSchema,
  /** Whether somebody still has to decide. */
  open: z.boolean(),
  decision: z.enum(modelDecisions).optional(),
  until: instantSchema.optional(),
  reason: z.string().optional(),
});
export type ModelView = z.infer<typeof modelViewSchema>;

/** What the vault says of a release that must not be used any more. */
export const supersessionFactsSchema = z.strictObject({
  reason: supersessionSchema,
  supersededBy: idSchema('rel').optional(),
  notReissued: notReissuedSchema.optional(),
});
export type SupersessionFacts = z.infer<typeof supersessionFactsSchema>;

const programmeState = z.object({
  state: z.enum(['running', 'halted']),
  programmeEpoch: z.int(),
  /** A resume that some have signed, and who else may. */
  pendingResume: signedSchema(haltSchema).nullable(),
});
export type ProgrammeState = z.infer<typeof programmeState>;

const noticeLettersMax = 500_000;

export const decisionSchema = z.discriminatedUnion('kind', [
  charterSchema,
  policySchema,
  lifeSchema,
  recertificationSchema,
]);

const decisionState = z.object({
  state: z.enum(['decided', 'pending']),
  digest: digestSchema,
  signatures: z.int(),
});
export type DecisionState = z.infer<typeof decisionState>;
const holdView = z.object({
  state: z.enum(['pending', 'placed', 'released']),
  statement: signedSchema(holdSchema),
  /** With the signatures that it has so far. */
  release: signedSchema(holdReleaseSchema).nullable(),
});
export type HoldView = z.infer<typeof holdView>;

const jobReply = z.object({ job: idSchema('job') });

export const personRoutes = {
  setManifest: route({
    method: 'POST',
    path: '/v1/manifests',
    caller: 'person',
    body: z.strictObject({ statement: signedSchema(manifestSchema) }),
    reply: manifestState,
    says: 'Proposes a manifest; narrower ones are active at once.',
  }),
  approveManifest: route({
    method: 'POST',
    path: '/v1/manifests/:id/approvals',
    caller: 'person',
    body: z.strictObject({ statement: signedSchema(manifestSchema) }),
    reply: manifestState,
    says: 'Adds one signature over the same manifest.',
  }),
  manifests: route({
    method: 'GET',
    path: '/v1/manifests',
    caller: 'person',
    body: 'none',
    reply: z.object({ manifests: z.array(manifestState) }),
    says: 'All manifests of the programme, newest first.',
  }),
  declare: route({
    method: 'POST',
    path: '/v1/statements',
    caller: 'person',
    body: z.strictObject({ statement: signedSchema(haltSchema) }),
    reply: programmeState,
    says: 'Halts the programme, or adds signatures to its resuming; enough of them resume it.',
  }),
  decide: route({
    method: 'POST',
    path: '/v1/programme/decisions',
    caller: 'person',
    body: z.strictObject({
      statement: signedSchema(decisionSchema),
      /** Of a charter that names another notice than the one before. */
      notice: z.string().max(noticeLettersMax).optional(),
    }),
    reply: decisionState,
    says: 'Proposes or signs a charter, policies, a start, a close or whose role goes on.',
  }),
  decisions: route({
    method: 'GET',
    path: '/v1/programme/decisions',
    caller: 'person',
    body: 'none',
    reply: z.object({
      pending: z.array(signedSchema(decisionSchema)),
      phase: z.enum(['draft', 'active', 'closed']),
      charter: signedSchema(charterSchema),
      fingerprint: z.string(),
      policy: z.object({ number: z.int(), digest: digestSchema }).nullable(),
      /** Until when each person's role goes on. */
      certified: z.array(z.object({ person: idSchema('pers'), until: instantSchema })),
    }),
    says: 'Where the programme stands, and what waits for signatures.',
  }),
  programmeState: route({
    method: 'GET',
    path: '/v1/programme/state',
    caller: 'person',
    body: 'none',
    reply: programmeState,
    says: 'Whether the programme is halted, and the resume that waits for signatures.',
  }),
  decideHold: route({
    method: 'POST',
    path: '/v1/holds',
    caller: 'person',
    body: z.strictObject({ statement: signedSchema(holdWordSchema) }),
    reply: holdView,
    says: 'Places or releases a legal hold, or adds a signature; it takes two roles.',
  }),
  holds: route({
    method: 'GET',
    path: '/v1/holds',
    caller: 'person',
    body: 'none',
    reply: z.object({ holds: z.array(holdView) }),
    says: 'Legal holds, newest first.',
  }),
  requestGrant: route({
    method: 'POST',
    path: '/v1/grants',
    caller: 'person',
    body: z.strictObject({ grant: signedSchema(grantSchema) }),
    reply: grantView,
    says: 'Asks for a grant; the request is signed by its holder.',
  }),
  grants: route({
    method: 'GET',
    path: '/v1/grants',
    caller: 'person',
    body: 'none',
    reply: z.object({ grants: z.array(grantView) }),
    says: 'Grants of the programme: all for deciders, own ones for researchers.',
  }),
  grant: route({
    method: 'GET',
    path: '/v1/grants/:id',
    caller: 'person',
    body: 'none',
    reply: grantView,
    says: 'One grant with its approvals.',
  }),
  approveGrant: route({
    method: 'POST',
    path: '/v1/grants/:id/approvals',
    caller: 'person',
    body: z.strictObject({ approval: signedSchema(approvalSchema) }),
    reply: grantView,
    says: 'Adds one approval over the whole grant.',
  }),
  revokeGrant: route({
    method: 'POST',
    path: '/v1/grants/:id/revocations',
    caller: 'person',
    body: z.strictObject({ revocation: signedSchema(revocationSchema) }),
    reply: grantView,
    says: 'Ends a grant.',
  }),
  openReading: route({
    method: 'POST',
    path: '/v1/readings',
    caller: 'person',
    body: z.strictObject({ session: signedSchema(readingSessionSchema) }),
    reply: jobReply,
    says: 'Asks the vault to show a trajectory or segment to a session that its grantee signed.',
  }),
  chunk: route({
    method: 'GET',
    path: '/v1/readings/:id/chunks/:number',
    caller: 'person',
    body: 'none',
    reply: 'bytes',
    says: 'The next chunk of a reading, sealed to its session (waits up to 10 s).',
  }),
  endReading: route({
    method: 'DELETE',
    path: '/v1/readings/:id',
    caller: 'person',
    body: 'none',
    reply: 'none',
    says: 'Ends a reading: what nobody has fetched is gone.',
  }),
  buildRelease: route({
    method: 'POST',
    path: '/v1/releases',
    caller: 'person',
    body: z.strictObject({ grant: idSchema('grant'), recipe: recipeSchema }),
    reply: z.object({ job: idSchema('job'), release: idSchema('rel') }),
    says: 'Builds a release of a recipe under a grant.',
  }),
  releases: route({
    method: 'GET',
    path: '/v1/releases',
    caller: 'person',
    body: 'none',
    reply: z.object({ releases: z.array(releaseFactsSchema) }),
    says: 'Releases, newest first.',
  }),
  release: route({
    method: 'GET',
    path: '/v1/releases/:id',
    caller: 'person',
    body: 'none',
    reply: releaseFactsSchema,
    says: 'One release.',
  }),
  exportRelease: route({
    method: 'POST',
    path: '/v1/releases/:id/exports',
    caller: 'person',
    body: z.strictObject({ grant: idSchema('grant'), format: exportFormatSchema }),
    reply: jobReply,
    says: 'Encodes a release and seals it to the grantee.',
  }),
  models: route({
    method: 'GET',
    path: '/v1/releases/:id/models',
    caller: 'person',
    body: 'none',
    reply: z.object({ models: z.array(modelViewSchema) }),
    says: 'Models trained on a release, with what was decided about each.',
  }),
  addModel: route({
    method: 'POST',
    path: '/v1/releases/:id/models',
    caller: 'person',
    body: z.strictObject({ statement: signedSchema(modelSchema) }),
    reply: modelViewSchema,
    says: 'Records a model that was trained on a release; its holder signs that.',
  }),
  decideModel: route({
    method: 'POST',
    path: '/v1/models/:digest/decisions',
    caller: 'person',
    body: z.strictObject({ statement: signedSchema(modelDecisionSchema) }),
    reply: modelViewSchema,
    says: 'Says what becomes of a model whose release is superseded.',
  }),
  rebuildRelease: route({
    method: 'POST',
    path: '/v1/releases/:id/rebuilds',
    caller: 'person',
    body: z.strictObject({ grant: idSchema('grant'), workers: z.int().min(1).max(16) }),
    reply: jobReply,
    says: 'Builds a release again and compares.',
  }),
  objections: route({
    method: 'GET',
    path: '/v1/objections',
    caller: 'person',
    body: 'none',
    reply: z.object({ objections: z.array(objectionViewSchema) }),
    says: 'Objections to purposes, newest first, for deciders; not whose they are.',
  }),
  answerObjection: route({
    method: 'POST',
    path: '/v1/objections/:digest/answers',
    caller: 'person',
    body: z.strictObject({ statement: signedSchema(objectionAnswerSchema) }),
    reply: objectionViewSchema,
    says: 'Answers an objection, with a reason for the participant.',
  }),
  job: route({
    method: 'GET',
    path: '/v1/jobs/:id',
    caller: 'person',
    body: 'none',
    reply: jobStateSchema,
    says: 'State of a job that this person asked for.',
  }),
  result: route({
    method: 'GET',
    path: '/v1/results/:id',
    caller: 'person',
    body: 'none',
    reply: 'bytes',
    says: 'What the vault sealed to this reader.',
  }),
} as const;
