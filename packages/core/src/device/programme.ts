// Reads a programme and checks that it is the one the invite names, or follows from that by the
// signatures of those who decide: its charter, its vault's key, its active manifest.

import { sha256 } from '@noble/hashes/sha2.js';
import { toHex, utf8 } from '../bytes/index.ts';
import { HandrailError } from '../errors/index.ts';
import {
  type Charter,
  type Consent,
  followCharters,
  hasQuorum,
  type ManifestFile,
  type ManifestStatement,
  manifestRoles,
  mayResume,
  programmeFingerprint,
  type Signed,
  signersOf,
  type WiderTerm,
  widerTerms,
} from '../statement/index.ts';
import { type ClientContext, call, type PayloadOf, publicRoutes } from '../wire/index.ts';

export type Programme = Awaited<ReturnType<typeof readProgramme>>;

type Said = PayloadOf<(typeof publicRoutes.programme)['reply']>;

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

/**
 * The programme with its newest charter and that one's fingerprint, to compare with from then on.
 * Throws `signature.invalid` where it does not follow from the charter of `fingerprint`.
 */
export async function readProgramme(client: ClientContext, fingerprint: string) {
  const said = await call(client, publicRoutes.programme, {});
  const programme = { ...said, ...(await newestCharter(said, fingerprint)) };
  const charter = programme.charter.payload;
  if (toHex(sha256(utf8(programme.notice))) !== charter.noticeDigest) {
    throw new HandrailError('signature.invalid', 'The notice is not the one of the charter.');
  }
  const { manifest } = programme;
  if (manifest !== null) await requireSigned(charter, manifest);
  return programme;
}

async function newestCharter({ vaultKey, charters }: Said, pinned: string) {
  const isPinned = (charter: Charter) => programmeFingerprint(vaultKey, charter) === pinned;
  if (!charters.some(({ payload }) => isPinned(payload))) {
    throw new HandrailError(
      'signature.invalid',
      'This programme has another fingerprint than your invite: do not join, ask who sent it.',
    );
  }
  const followed = await followCharters(charters, isPinned);
  if (followed === undefined) {
    throw new HandrailError(
      'signature.invalid',
      'The charter was changed without the signatures that it takes: ask your officer.',
    );
  }
  const { newest: charter } = followed;
  return { charter, fingerprint: programmeFingerprint(vaultKey, charter.payload) };
}

/** In what the programme goes further than the charter that a consent names. */
export function widerThanAgreed(
  { vaultKey, charters, charter }: Programme,
  consent: Consent,
): readonly WiderTerm[] {
  const agreed = charters.find(({ payload }) => {
    return programmeFingerprint(vaultKey, payload) === consent.fingerprint;
  });
  return agreed === undefined ? ['notice'] : widerTerms(agreed.payload, charter.payload);
}

/** What a manifest takes by itself; what came before it is not known here. */
async function requireSigned(charter: Charter, manifest: Signed<ManifestStatement>): Promise<void> {
  const { payload } = manifest;
  if (payload.programme !== charter.programme || !(await isAgreed(charter, manifest, 1))) {
    throw new HandrailError(
      'signature.invalid',
      'The capture manifest is not signed by the charter.',
    );
  }
  if (await isAgreed(charter, manifest, manifestRoles(1, undefined, payload.manifest))) return;
  throw new HandrailError(
    'signature.invalid',
    'A sensitive context in full takes two approvals, and has one: ask your officer for another.',
  );
}

/** The epoch that the charter's persons have resumed the programme at; 1 before any halt. */
export async function resumedEpoch({ charter, standing }: Programme): Promise<number> {
  if (standing === null) return 1;
  const { kind, programme, programmeEpoch } = standing.payload;
  if (kind !== 'resume' || programme !== charter.payload.programme) return 0;
  return mayResume(charter.payload, await signersOf(standing)) ? programmeEpoch : 0;
}

/** Throws `signature.invalid` where a manifest after `accepted` lacks the roles that it takes. */
export async function requireApproved(
  { charter, manifest }: Programme,
  accepted: ManifestFile,
): Promise<void> {
  if (manifest === null) return;
  const { quorums } = charter.payload;
  const roles = manifestRoles(quorums.manifest, accepted, manifest.payload.manifest);
  if (await isAgreed(charter.payload, manifest, roles)) return;
  throw new HandrailError(
    'signature.invalid',
    'This wider manifest is not approved by enough roles: do not accept it, ask your officer.',
  );
}

/** Only stewards and officers decide what is captured. */
async function isAgreed(
  charter: Charter,
  statement: Signed<unknown>,
  quorum: number,
): Promise<boolean> {
  const signers = await signersOf(statement);
  const deciding = charter.persons.filter(({ role }) => role === 'steward' || role === 'officer');
  const keys = deciding.map(({ publicKey }) => publicKey).filter((key) => signers.has(key));
  return hasQuorum(charter, new Set(keys), quorum);
}

/** Of every charter so far: whichever was agreed to, the consent is renewed in time. */
export function shortestFreshness({ charters }: Programme): Pick<Charter, 'consentFreshDaysMax'> {
  const days = charters.map(({ payload }) => payload.consentFreshDaysMax);
  return { consentFreshDaysMax: Math.min(...days) };
}
