// Readers of a sample programme: they sign sessions as real ones do. The server checks no nonce, so
// where no vault runs any will do.
import { toBase64url } from '@handrail/core/bytes';
import { newSealKeyPair, randomBytes } from '@handrail/core/seal';
import {
  type ReadingSession,
  type ReadingSubject,
  type Signed,
  sign,
} from '@handrail/core/statement';
import { deviceRoutes } from '@handrail/core/wire';
import {
  type Actor,
  callAs,
  instant,
  type Participant,
  type SampleProgramme,
} from './sample-programme.ts';

/** What is read and by which right, and what of the session is otherwise than usual. */
export type WantedReading = ReadingSubject & Pick<ReadingSession, 'by'> & SessionChanges;
export type SessionChanges = Partial<Pick<ReadingSession, keyof ReadingSession>>;

/** For half an hour, unless `wanted` says otherwise. */
export async function sampleSession(
  { charter }: Pick<SampleProgramme, 'charter'>,
  { signer }: Pick<Actor, 'signer'>,
  wanted: WantedReading,
): Promise<Signed<ReadingSession>> {
  const payload: ReadingSession = {
    v: 1,
    kind: 'reading-session',
    programme: charter.payload.programme,
    sessionKey: toBase64url((await newSealKeyPair()).publicKey),
    nonce: toBase64url(randomBytes(32)),
    until: instant(Date.now() + 1_800_000),
    ...wanted,
  };
  return sign(payload, signer);
}

/** `who` asks for what is their own, or says so. */
export async function openOwn(
  url: string,
  sample: Pick<SampleProgramme, 'charter'>,
  who: Participant,
  id: string,
): Promise<{ job: string }> {
  const by = { participant: who.pseudonym };
  const subject = id.startsWith('seg_') ? { segment: id } : { trajectory: id };
  const session = await sampleSession(sample, who, { ...subject, by });
  return callAs(url, who, deviceRoutes.openMine, { body: { session } });
}
