// Reads a programme and checks that it is the one the invite names: its charter, its vault's key,
// its active manifest are signed, and their fingerprint is the one that was handed over.
import { HandrailError } from '@handrail/core/errors';
import {
  type Charter,
  hasQuorum,
  programmeFingerprint,
  type Signed,
  signersOf,
} from '@handrail/core/statement';
import { call, publicRoutes } from '@handrail/core/wire';
import { clientOf } from '../home/client.ts';

export type Programme = Awaited<ReturnType<typeof readProgramme>>;

export interface Invite {
  readonly token: string;
  readonly fingerprint: string;
}

/** An invite is `TOKEN.FINGERPRINT`. Throws `usage.invalid`. */
export function parseInvite(text: string): Invite {
  const match = /^([A-Za-z0-9_-]{8,100})\.([0-9a-z-]{20,64})$/.exec(text);
  if (!match?.[1] || !match[2]) {
    throw new HandrailError('usage.invalid', 'The invite is not complete: copy it again, whole.');
  }
  return { token: match[1], fingerprint: match[2] };
}

/** Throws `signature.invalid` where the programme is not the one of `fingerprint`. */
export async function readProgramme(url: string, fingerprint: string) {
  const programme = await call(clientOf(url, undefined), publicRoutes.programme, {});
  const charter = programme.charter.payload;
  if (programmeFingerprint(programme.vaultKey, charter) !== fingerprint) {
    throw new HandrailError(
      'signature.invalid',
      'This programme has another fingerprint than your invite: do not join, ask who sent it.',
    );
  }
  const { manifest } = programme;
  if (manifest !== null && !(await isSignedByCharter(charter, manifest))) {
    throw new HandrailError(
      'signature.invalid',
      'The capture manifest is not signed by the charter.',
    );
  }
  return programme;
}

async function isSignedByCharter(charter: Charter, statement: Signed<unknown>): Promise<boolean> {
  return hasQuorum(charter, await signersOf(statement), 1);
}
