// What anyone may ask: the programme with its notice, and the ledger as static files.
import { z } from 'zod';
import {
  charterSchema,
  chartersMax,
  haltSchema,
  manifestSchema,
  publicKeySchema,
  releaseListPath,
  signedSchema,
} from '../statement/index.ts';
import { route } from './route.ts';

export const programmeSchema = z.object({
  charter: signedSchema(charterSchema),
  /** All of the programme so far, in order: whoever pinned one follows from it by signatures. */
  charters: z.array(signedSchema(charterSchema)).max(chartersMax),
  phase: z.enum(['draft', 'active', 'closed']),
  /** Ed25519, base64url. */
  vaultKey: publicKeySchema,
  fingerprint: z.string(),
  notice: z.string(),
  manifest: signedSchema(manifestSchema).nullable(),
  programmeEpoch: z.int(),
  halted: z.boolean(),
  /** The halt or resume that made it so; null before the first halt. */
  standing: signedSchema(haltSchema).nullable(),
});

export const publicRoutes = {
  health: route({
    method: 'GET',
    path: '/v1/health',
    caller: 'anyone',
    body: 'none',
    reply: z.object({ ok: z.boolean() }),
    says: 'Whether the server can serve.',
  }),
  programme: route({
    method: 'GET',
    path: '/v1/programme',
    caller: 'anyone',
    body: 'none',
    reply: programmeSchema,
    says: 'Charter, notice, active manifest and epoch of the programme.',
  }),
  readingNonce: route({
    method: 'GET',
    path: '/v1/reading-nonce',
    caller: 'anyone',
    body: 'none',
    reply: z.object({ nonce: publicKeySchema }),
    says: "The vault's newest nonce: a reading session names it.",
  }),
  ledger: route({
    method: 'GET',
    path: '/v1/ledger/*',
    caller: 'anyone',
    body: 'none',
    reply: 'bytes',
    says: 'The ledger as C2SP tlog-tiles: checkpoint, tile/<level>/..., tile/entries/...',
  }),
  releaseList: route({
    method: 'GET',
    path: releaseListPath,
    caller: 'anyone',
    body: 'none',
    reply: 'bytes',
    says: 'The newest list of all releases and whether they still stand, signed by the vault.',
  }),
  tombstone: route({
    method: 'GET',
    path: '/v1/tombstones/:digest',
    caller: 'anyone',
    body: 'none',
    reply: 'bytes',
    says: 'Which trajectories of a superseded release went, by salted names, signed by the vault.',
  }),
} as const;
