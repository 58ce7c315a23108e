// Grants of a sample programme: asked for and approved over real HTTP, like everything there.
import { toBase64url } from '@handrail/core/bytes';
import { idOf } from '@handrail/core/ids';
import { newSealKeyPair, randomBytes } from '@handrail/core/seal';
import { type Grant, sign, withPrompt } from '@handrail/core/statement';
import { personRoutes } from '@handrail/core/wire';
import { type Actor, callAs, instant, type SampleProgramme } from './sample-programme.ts';

/** A grant of the researcher's, with `changes`. */
export async function sampleGrant(
  { charter, researcher }: SampleProgramme,
  changes: Pick<Grant, 'scope' | 'tier'> & Partial<Grant>,
): Promise<Grant> {
  return withPrompt({
    v: 1,
    kind: 'grant',
    id: idOf('grant', randomBytes(32)),
    programme: charter.payload.programme,
    holder: researcher.id,
    readingKey: toBase64url((await newSealKeyPair()).publicKey),
    recipient: `age1${'q'.repeat(58)}`,
    purpose: 'train-agents',
    hours: 1,
    reason: 'trying',
    objectsMax: 10,
    bytesMax: 1_000_000,
    requestedAt: instant(),
    ...changes,
  });
}

export async function requestGrant(url: string, { researcher }: SampleProgramme, grant: Grant) {
  const body = { grant: await sign(grant, researcher.signer) };
  return callAs(url, researcher, personRoutes.requestGrant, { body });
}

export async function approveGrant(url: string, by: Actor, grant: Grant) {
  const { programme, id } = grant;
  const approval = { v: 1, kind: 'approval', programme, at: instant(), grant } as const;
  const body = { approval: await sign(approval, by.signer) };
  return callAs(url, by, personRoutes.approveGrant, { params: { id }, body });
}
