// Readers for tests of the keeper: they sign sessions as real ones do, and read what comes.
import { toBase64url } from '@handrail/core/bytes';
import {
  chunkAad,
  decodeChunk,
  type ReadingChunk,
  sealTrajectory,
  signTrajectory,
} from '@handrail/core/dataset';
import { readBox } from '@handrail/core/reader';
import { newSealKeyPair, type Signer } from '@handrail/core/seal';
import {
  type ReadingSession,
  type ReadingSubject,
  type Signed,
  sign,
  statementDigest,
} from '@handrail/core/statement';
import type { Job } from '@handrail/core/wire';
import { encodeFrame } from '../../worker/images.ts';
import type { KeeperContext } from '../keeper-context.ts';
import type { TrialServer } from './keeper.ts';
import { instantOf, newId, type TrialParticipant } from './programme.ts';

export interface TrialReading {
  readonly job: Extract<Job, { kind: 'view' }>;
  readonly session: Signed<ReadingSession>;
  readonly privateKey: Uint8Array;
}

/** What is read and by which right, and what of the session is otherwise than usual. */
export type WantedReading = ReadingSubject & Pick<ReadingSession, 'by'> & SessionChanges;
export type SessionChanges = Partial<Pick<ReadingSession, keyof ReadingSession>>;

/** What a reader has to know of it. */
type Keeper = Pick<KeeperContext, 'charter' | 'nowMs'> & {
  readonly nonces: Pick<KeeperContext['nonces'], 'next'>;
};

/** Half an hour, with the keeper's newest nonce, unless `changes` say otherwise. */
export async function trialReading(
  keeper: Keeper,
  { consent }: TrialParticipant,
  signer: Signer,
  wanted: WantedReading,
): Promise<TrialReading> {
  const { publicKey, privateKey } = await newSealKeyPair();
  const nowMs = keeper.nowMs();
  const payload: ReadingSession = {
    v: 1,
    kind: 'reading-session',
    programme: keeper.charter.programme,
    sessionKey: toBase64url(publicKey),
    nonce: keeper.nonces.next(nowMs),
    until: instantOf(nowMs + 1_800_000),
    ...wanted,
  };
  const session = await sign(payload, signer);
  const { pseudonym, consentEpoch } = consent;
  return { job: { kind: 'view', pseudonym, consentEpoch, session }, session, privateKey };
}

/** A participant wants to see what is their own: a trajectory, or a segment in quarantine. */
export function ownReading(
  keeper: Keeper,
  participant: TrialParticipant,
  id: string,
): Promise<TrialReading> {
  const by = { participant: participant.consent.pseudonym };
  const subject = id.startsWith('seg_') ? { segment: id } : { trajectory: id };
  return trialReading(keeper, participant, participant.device, { ...subject, by });
}

/** What the reading `id` has brought so far. */
export async function chunksRead(
  server: TrialServer,
  id: string,
  { session, privateKey }: TrialReading,
): Promise<readonly ReadingChunk[]> {
  const digest = statementDigest(session);
  const boxes = server.chunks.get(id) ?? [];
  return Promise.all(
    boxes.map(async (box, at) => decodeChunk(await readBox(privateKey, chunkAad(digest, at), box))),
  );
}

/** A trajectory of `participant` that this vault made, with white frames of this size. */
export async function storedTrajectory(
  keeper: KeeperContext,
  server: TrialServer,
  { consent: { pseudonym, consentEpoch } }: TrialParticipant,
  frames: number,
  { width, height } = { width: 480, height: 270 },
): Promise<string> {
  const id = newId('traj');
  const pixels = new Uint8Array(width * height * 3).fill(255);
  const image = await encodeFrame({ width, height, pixels, isExact: true });
  const key = server.dayKeys.find(
    ({ payload }) => payload.pseudonym === pseudonym && payload.tier === 'trajectory',
  )?.payload;
  if (key === undefined) throw new Error('Issue keys first.');
  const { headerBytes, body } = await sealTrajectory(
    {
      ...{ v: 1, programme: keeper.charter.programme, pseudonym, consentEpoch, trajectory: id },
      ...{ day: key.day, sealedTo: key.publicKey, actions: 0, contexts: [], segments: [] },
    },
    {
      ...{ v: 1, id, pseudonym, instruction: 'see it', contexts: [], display: 'virtual' },
      ...{ displays: [], actions: [], gaps: [], segments: [], reducer: 1 },
      ...{ startedAtMs: keeper.nowMs(), endedAtMs: keeper.nowMs() },
      frames: Array.from({ length: frames }, (_, at) => ({
        ...{ id: String(at).padStart(64, '0'), width, height, areas: [], filled: [], image },
      })),
    },
  );
  const bytes = await signTrajectory(headerBytes, body, keeper.identity.signer);
  server.objects.set(`trajectories/${id}`, bytes);
  return id;
}
